/** Work done again and again while a role is this process's: one round at a time, and a round that fails is the next one's to mend. */
export class Rounds {
  private timer: NodeJS.Timeout | undefined;
  private running: Promise<unknown> | undefined;

  constructor(
    private readonly everyMs: number,
    private readonly work: () => Promise<unknown>,
    private readonly failed: (error: unknown) => void,
  ) {}

  /** The first round begins at once. Nothing when they go already. */
  start(): void {
    if (this.timer) return;
    this.timer = setInterval(() => this.round(), this.everyMs);
    this.round();
  }

  /** Answers when the round under way is done. */
  async stop(): Promise<void> {
    clearInterval(this.timer);
    this.timer = undefined;
    await this.running;
  }

  private round(): void {
    this.running ??= this.work()
      .catch(this.failed)
      .finally(() => {
        this.running = undefined;
      });
  }
}
