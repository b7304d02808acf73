export interface DueWork {
  /** Does what is due and answers how much it was; asked again at once until that is nothing. */
  readonly doDue: (signal: AbortSignal) => Promise<number>;
  /** Calls back when there may be more; answers how to stop listening. */
  readonly onNews: (heard: () => void) => () => void;
  readonly failed: (error: unknown) => void;
}

/** Keeps up with work while a role is this process's: at once when it hears of some, and by looking every so often. */
export class DueLoop {
  private ending = new AbortController();
  private running: Promise<void> | undefined;

  constructor(
    private readonly everyMs: number,
    private readonly work: DueWork,
  ) {}

  /** Nothing when it goes already. It may be started and stopped again and again. */
  start(): void {
    if (this.running) return;
    this.ending = new AbortController();
    this.running = this.run(this.ending.signal);
  }

  /** Answers when what is under way is done; what waits goes on with the next start. */
  async stop(): Promise<void> {
    this.ending.abort();
    await this.running;
    this.running = undefined;
  }

  private async run(signal: AbortSignal): Promise<void> {
    while (!signal.aborted) {
      const news = this.news(signal);
      try {
        while (!signal.aborted && (await this.work.doDue(signal)) > 0);
      } catch (error) {
        this.work.failed(error);
      }
      await news;
    }
  }

  /** Resolves when it was heard of more since the call, after a while, or at the end. */
  private news(signal: AbortSignal): Promise<void> {
    return new Promise((resolve) => {
      const done = (): void => {
        clearTimeout(timer);
        stopListening();
        signal.removeEventListener('abort', done);
        resolve();
      };
      const timer = setTimeout(done, this.everyMs);
      const stopListening = this.work.onNews(done);
      signal.addEventListener('abort', done, { once: true });
    });
  }
}
