interface Waiting {
  readonly position: number;
  readonly done: () => void;
}

/** The newest position that is visible to readers, and who waits for a newer one: live subscribers never poll. */
export class Head {
  /** By position, so that each step forward looks at those alone whom it wakes: hundreds of writers may wait. */
  private readonly waiting: Waiting[] = [];
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
      const abort = (): void => {
        leave();
        resolve();
      };
      const leave = this.wait(position, () => {
        signal.removeEventListener('abort', abort);
        resolve();
      });
      signal.addEventListener('abort', abort, { once: true });
    });
  }

  /** As `beyond`, but for so long at most. For whoever waits too often to make a signal each time. */
  beyondWithin(patienceMs: number, position: number): Promise<void> {
    return new Promise((resolve) => {
      if (this.newest > position || this.ended) {
        resolve();
        return;
      }
      const timer = setTimeout(() => {
        leave();
        resolve();
      }, patienceMs);
      const leave = this.wait(position, () => {
        clearTimeout(timer);
        resolve();
      });
    });
  }

  /** Answers how to leave. */
  private wait(position: number, done: () => void): () => void {
    const one: Waiting = { position, done };
    // Most wait for something newer than the others do.
    const at = this.waiting.findLastIndex((other) => other.position <= position) + 1;
    this.waiting.splice(at, 0, one);
    return () => void this.waiting.splice(this.waiting.indexOf(one), 1);
  }

  private wake(): void {
    const { waiting } = this;
    while (waiting[0] && (this.ended || waiting[0].position < this.newest)) waiting.shift()!.done();
  }
}
