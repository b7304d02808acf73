/** The newest position that is visible to readers, and who waits for a newer one: live subscribers never poll. */
export class Head {
  private readonly waiting = new Map<() => void, number>();
  private newest = 0;
  private ended = false;

  get position(): number {
    return this.newest;
  }

  get isClosed(): boolean {
    return this.ended;
  }

  advance(position: number): void {
    if (position <= this.newest) return;
    this.newest = position;
    this.wake();
  }

  close(): void {
    this.ended = true;
    this.wake();
  }

  /** Resolves when something newer than `position` is visible, the store closes or the signal aborts. */
  beyond(position: number, signal: AbortSignal): Promise<void> {
    return new Promise((resolve) => {
      if (this.newest > position || this.ended || signal.aborted) {
        resolve();
        return;
      }
      const done = (): void => {
        this.waiting.delete(done);
        signal.removeEventListener('abort', done);
        resolve();
      };
      this.waiting.set(done, position);
      signal.addEventListener('abort', done);
    });
  }

  private wake(): void {
    for (const [done, position] of [...this.waiting]) if (this.ended || this.newest > position) done();
  }
}
