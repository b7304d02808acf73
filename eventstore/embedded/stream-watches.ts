import { metadataStream } from './tails.js';

/** Says when one stream may have changed, so that its subscribers are not woken by every commit of others. */
export class StreamWatch {
  private isTouched = false;
  private wake: (() => void) | undefined;

  constructor(private readonly signal: AbortSignal) {
    signal.addEventListener('abort', () => this.touch(), { once: true });
  }

  /** Before the stream is read: what is written after the read then ends the next wait. */
  rearm(): void {
    this.isTouched = this.signal.aborted;
  }

  /** Resolves when the stream was touched since `rearm`, the log is closed or the signal aborts. */
  touched(): Promise<void> {
    if (this.isTouched) return Promise.resolve();
    return new Promise((resolve) => {
      this.wake = resolve;
    });
  }

  touch(): void {
    this.isTouched = true;
    this.wake?.();
  }
}

export class StreamWatches {
  private readonly watches = new Map<string, Set<StreamWatch>>();
  private isOver = false;

  /** Watches until the signal aborts. */
  watch(stream: string, signal: AbortSignal): StreamWatch {
    const watch = new StreamWatch(signal);
    if (signal.aborted || this.isOver) {
      watch.touch();
      return watch;
    }
    const watching = this.watches.get(stream) ?? new Set();
    this.watches.set(stream, watching.add(watch));
    const stop = (): void => {
      watching.delete(watch);
      if (watching.size === 0) this.watches.delete(stream);
    };
    signal.addEventListener('abort', stop, { once: true });
    return watch;
  }

  /** Something was asked of the stream and answered, one way or another. Its metadata may have changed with it. */
  touch(stream: string): void {
    if (this.watches.size === 0) return;
    for (const name of [stream, metadataStream(stream)])
      for (const watch of this.watches.get(name) ?? []) watch.touch();
  }

  close(): void {
    this.isOver = true;
    for (const watching of this.watches.values()) for (const watch of watching) watch.touch();
  }
}
