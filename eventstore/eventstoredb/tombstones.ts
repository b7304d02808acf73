import type { Connection } from './connection.js';
import { readMessages } from './read-messages.js';
import { STREAM_DELETED } from './records.js';
import { unavailable } from './refusals.js';
import { allRead } from './requests.js';

/** Looking for tombstones in a log nobody has looked through yet takes as long as reading it, on the server. */
const SEARCH_MS = 600_000;
const AT_ONCE = 1_000_000;
const DOING = 'a look for deleted streams in $all';

/**
 * The streams that were deleted for good. `$all` goes on showing their events until a scavenge; what tells them apart is
 * the `$streamDeleted` that stands behind them. So a reader from place p needs the tombstones behind p alone, all of
 * them up to now: those from where this process began to follow come by the live subscription, those before are
 * looked for when somebody reads from there.
 */
export class Tombstones {
  private readonly streams = new Set<string>();
  /** Every tombstone between these two places is known. */
  private from: bigint;
  private to: bigint;
  private searching: Promise<void> = Promise.resolve();

  constructor(
    private readonly connection: Connection,
    began: bigint,
  ) {
    this.from = began;
    this.to = began;
  }

  has(stream: string): boolean {
    return this.streams.has(stream);
  }

  add(stream: string): void {
    this.streams.add(stream);
  }

  /** Followed without a gap up to here. */
  advance(to: bigint): void {
    if (to > this.to) this.to = to;
  }

  /**
   * When this answers, every tombstone behind `after` is known that was written before it was asked.
   * @throws EventStoreError unavailable | AbortError
   */
  async cover(after: bigint, signal?: AbortSignal): Promise<void> {
    // Together: were one awaited after the other had failed, its own failure would be nobody's, and end the process.
    await Promise.all([after < this.from ? this.searchOnce(after) : undefined, this.search(this.to, signal)]);
  }

  /**
   * As `cover`, but of the newest part only what came by the live subscription, which may be a moment behind.
   * @throws EventStoreError unavailable
   */
  async reach(after: bigint): Promise<void> {
    if (after < this.from) await this.searchOnce(after);
  }

  /** One after another: who comes second most often finds it done. */
  private searchOnce(after: bigint): Promise<void> {
    const next = this.searching
      .catch(() => undefined)
      .then(async () => {
        const before = this.from;
        if (after >= before) return;
        await this.search(after, undefined, before);
        this.from = after;
      });
    this.searching = next;
    return next;
  }

  private async search(after: bigint, signal?: AbortSignal, before?: bigint): Promise<void> {
    const ended = await readMessages(
      this.connection,
      allRead('forwards', after, AT_ONCE, { on: 'type', prefixes: [STREAM_DELETED] }),
      { doing: DOING, deadlineMs: SEARCH_MS, signal },
      (message) => {
        const record = message.read?.event;
        if (!record) return true;
        if (record.type === STREAM_DELETED) this.streams.add(record.stream);
        return before === undefined || record.position < before;
      },
    );
    if (ended === 'late') throw unavailable(DOING, `not through within ${SEARCH_MS} ms`);
  }
}
