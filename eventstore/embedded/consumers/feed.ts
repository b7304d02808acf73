import type { RecordedEvent } from '../../port/index.js';
import type { GroupState } from './group-state.js';
import type { StoredEvents } from './stored-events.js';

/** Events fed and not handed out, above which the next batch waits: two batches are in memory at most. */
const ENOUGH = 256;
const BATCH = 512;

/** Follows the log for one group, as fast as its consumers take. */
export class Feed {
  private readonly ended = new AbortController();
  private readonly running: Promise<void>;
  private wake: () => void = () => {};

  constructor(
    private readonly events: StoredEvents,
    private readonly state: GroupState<RecordedEvent>,
    types: readonly string[],
    private readonly fed: () => void,
    report: (error: unknown) => void,
  ) {
    this.running = this.run(types).catch(report);
  }

  /** Something was handed out. */
  taken(): void {
    if (this.state.waiting < ENOUGH) this.wake();
  }

  async stop(): Promise<void> {
    this.ended.abort();
    this.wake();
    await this.running;
  }

  private async run(types: readonly string[]): Promise<void> {
    const { signal } = this.ended;
    const subscription = this.events.follow({
      after: BigInt(this.state.fed),
      filter: { types },
      batchSize: BATCH,
      signal,
    });
    for await (const message of subscription) {
      if (signal.aborted) return;
      const events = message.kind === 'events' ? message.events : [];
      const scannedTo = message.kind === 'events' ? message.events.at(-1)!.position : message.position;
      this.state.feed(
        events.map((body) => ({ position: Number(body.position), body })),
        Number(scannedTo),
      );
      this.fed();
      while (this.state.waiting >= ENOUGH && !signal.aborted)
        await new Promise<void>((resolve) => {
          this.wake = resolve;
        });
    }
  }
}
