import type { Fact, FactCodec } from '#event-sourcing';
import { type EventStore, isEventStoreError } from '#event-store';
import { type Projection, ReadStoreError } from '#read-store';
import type { ProjectionRunner } from '#read-store/runner/index.js';
import { isAbort, withBackoff } from './backoff.js';
import { type OpenedBatch, openedLog } from './opened-log.js';
import { readAhead } from './read-ahead.js';

type Runner = ProjectionRunner<Fact>;

/** Types that nobody among these reads whole. */
const unopenedBy = (projections: readonly Projection<Fact>[]): ReadonlySet<string> => {
  const whole = projections.flatMap(({ types, unopened = [] }) => types.filter((type) => !unopened.includes(type)));
  return new Set(projections.flatMap(({ unopened = [] }) => unopened).filter((type) => !whole.includes(type)));
};

export interface LaneOptions {
  readonly log: EventStore;
  readonly codec: Pick<FactCodec, 'decodeAll'>;
  /** A building runner has everything that was in the log. */
  readonly caughtUp: (runner: Runner) => Promise<void>;
  /** The build of one of the runners is there no more: it projects nothing from here on. */
  readonly lost: () => void;
  readonly trouble: (what: string, error: Error) => void;
}

/**
 * Runners that go along the log together, on one subscription. Builds under way have a lane of their own, so that they do
 * not hold back the live ones; they keep it when they have become live.
 */
export class Lane {
  private readonly runners: Set<Runner>;
  private readonly ending = new AbortController();
  private readonly ended: Promise<void>;

  constructor(
    private readonly options: LaneOptions,
    runners: readonly Runner[],
  ) {
    this.runners = new Set(runners);
    this.ended = this.run();
  }

  /** What is under way is finished, what came before it is in the checkpoint. */
  async stop(): Promise<void> {
    this.ending.abort();
    await this.ended;
    for (const runner of this.runners) await runner.flush();
  }

  async remove(runner: Runner): Promise<void> {
    if (this.runners.delete(runner) && this.runners.size === 0) await this.stop();
  }

  private async run(): Promise<void> {
    const { signal } = this.ending;
    const failed = (error: Error): void => this.options.trouble('following the log', error);
    try {
      while (!signal.aborted) await withBackoff(signal, () => this.follow(signal), failed);
    } catch (error) {
      if (!isAbort(error, signal)) throw error;
    }
  }

  private async follow(signal: AbortSignal): Promise<void> {
    const { log, codec, trouble } = this.options;
    const from = Array.from(this.runners, ({ position }) => position).reduce((a, b) => (a < b ? a : b));
    const projections = Array.from(this.runners, ({ projection }) => projection);
    const opened = openedLog({
      log,
      codec,
      after: from,
      types: new Set(projections.flatMap(({ types }) => types)),
      unopened: unopenedBy(projections),
      signal,
      trouble: (error) => trouble('opening events', error),
    });
    for await (const batch of readAhead(opened)) {
      await Promise.all(Array.from(this.runners, (runner) => this.feed(runner, batch)));
      if (signal.aborted) return;
    }
  }

  /** Troubles of the stores pass, and are waited out; of anything else only this projection stops. */
  private async feed(runner: Runner, { incoming, upTo, caughtUp }: OpenedBatch): Promise<void> {
    const { name } = runner.build;
    const { signal } = this.ending;
    const failed = (error: Error): void => {
      this.options.trouble(`projection ${name}`, error);
      // The log is asked where it ends when a build has caught up, and may be away as well.
      if (isEventStoreError(error, 'unavailable')) return;
      if (!(error instanceof ReadStoreError) || error.code === 'unknown_build') throw error;
    };
    try {
      await withBackoff(signal, () => runner.process(incoming, upTo), failed);
      if (caughtUp && runner.build.state === 'building') {
        await withBackoff(signal, () => this.options.caughtUp(runner), failed);
      }
    } catch (error) {
      if (isAbort(error, signal)) return;
      if (error instanceof ReadStoreError) {
        this.runners.delete(runner);
        return this.options.lost();
      }
      await withBackoff(signal, () => runner.setState('stopped', (error as Error).message), failed);
    }
  }
}
