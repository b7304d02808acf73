import type { ProjectionBuild, ReadStore } from '#read-store';
import type { ProjectionBoard } from './projection-board.js';

export interface BoardPollerOptions {
  /** While a reader waits for a position. */
  readonly awaitedMs?: number;
  readonly idleMs?: number;
  /** The longest pause after failures. */
  readonly longestMs?: number;
  /** These it leaves alone. */
  readonly isProjectedHere?: (build: ProjectionBuild) => boolean;
  /** Told of the first failure in a row. */
  readonly trouble: (error: Error) => void;
}

/**
 * Keeps the board up to date of builds that others project: asks the store how far these have come, often while a reader
 * waits for one, seldom otherwise.
 */
export class BoardPoller {
  private readonly awaitedMs: number;
  private readonly idleMs: number;
  private readonly longestMs: number;
  private running: { readonly ending: AbortController; readonly ended: Promise<void> } | undefined;

  constructor(
    private readonly store: Pick<ReadStore, 'builds'>,
    private readonly board: ProjectionBoard,
    private readonly options: BoardPollerOptions,
  ) {
    this.awaitedMs = options.awaitedMs ?? 20;
    this.idleMs = options.idleMs ?? 1_000;
    this.longestMs = options.longestMs ?? 5_000;
  }

  /** Asks at once. Nothing when it goes already. */
  start(): void {
    if (this.running) return;
    const ending = new AbortController();
    this.running = { ending, ended: this.run(ending.signal) };
  }

  /** When it answers, nothing more comes to the board from here. */
  async stop(): Promise<void> {
    const running = this.running;
    this.running = undefined;
    running?.ending.abort();
    await running?.ended;
  }

  private async run(signal: AbortSignal): Promise<void> {
    let failures = 0;
    while (!signal.aborted) {
      try {
        const builds = await this.store.builds();
        if (!signal.aborted) this.board.follow(builds, this.options.isProjectedHere ?? (() => false));
        failures = 0;
      } catch (error) {
        failures += 1;
        if (failures === 1) this.options.trouble(error as Error);
      }
      await this.pause(failures, signal);
    }
  }

  /** A reader who begins to wait ends the pause of a quiet time, not that of a store in trouble. */
  private async pause(failures: number, signal: AbortSignal): Promise<void> {
    const { promise, resolve } = Promise.withResolvers<void>();
    const quiet = this.board.isAwaited ? this.awaitedMs : this.idleMs;
    const pause = failures ? Math.min(this.awaitedMs * 2 ** failures, this.longestMs) : quiet;
    const timer = setTimeout(resolve, pause);
    const ignore = failures ? undefined : this.board.onWait(resolve);
    signal.addEventListener('abort', () => resolve(), { once: true });
    if (signal.aborted) resolve();
    await promise;
    clearTimeout(timer);
    ignore?.();
  }
}
