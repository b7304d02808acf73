import { aborted } from '../common/abort.js';
import type { Head } from '../common/head.js';
import {
  type AppendResult,
  areSameEvents,
  type EventData,
  type ExpectedRevision,
  isEventStoreError,
  type RecordedEvent,
} from '../port/index.js';
import type { RecentEvents } from './recent-events.js';
import { unknownOutcome, wrongRevision } from './refusals.js';
import type { StreamPages } from './stream-pages.js';

/** How long a live subscription is waited for before the stream is read instead: under load it is behind, and reads would add to that. */
const LIVE_MS = 500;

/**
 * The server takes an append for a repeat when ids and expected revision are those of what stands there, and answers success
 * without a look at the rest: two processes that decided differently under the same ids would both believe that their
 * events stand. So what stands is compared. It comes by the live subscription anyway, mostly right behind the answer.
 */
export class OwnBytes {
  constructor(
    private readonly recent: RecentEvents,
    private readonly head: Head,
    private readonly streams: StreamPages,
    private readonly isFollowing: () => boolean,
  ) {}

  /** @throws EventStoreError wrong_expected_revision when other events stand there; unknown_outcome when it cannot be told */
  async require(
    stream: string,
    expected: ExpectedRevision,
    events: readonly EventData[],
    result: AppendResult,
    signal: AbortSignal | undefined,
  ): Promise<void> {
    const first = result.revision - BigInt(events.length - 1);
    const stored =
      (await this.live(stream, first, result, events.length)) ??
      (await this.read(stream, first, events.length, signal));
    if (!areSameEvents(stored, events)) throw wrongRevision(stream, String(expected), String(result.revision));
  }

  private async live(
    stream: string,
    first: bigint,
    { position }: AppendResult,
    count: number,
  ): Promise<readonly RecordedEvent[] | undefined> {
    if (this.head.position < Number(position)) {
      if (!this.isFollowing()) return undefined;
      await this.head.beyondWithin(LIVE_MS, Number(position) - 1);
    }
    return this.recent.upTo(position, count, ({ stream: of, revision }, index) => {
      return of === stream && revision === first + BigInt(index);
    });
  }

  private async read(
    stream: string,
    first: bigint,
    limit: number,
    signal: AbortSignal | undefined,
  ): Promise<readonly RecordedEvent[]> {
    const stored: RecordedEvent[] = [];
    try {
      for (let from: bigint | null = first; from !== null && stored.length < limit; ) {
        const ask = { direction: 'forwards', from, limit: limit - stored.length, signal } as const;
        const page = await this.streams.page(stream, ask);
        stored.push(...page.events);
        from = page.next;
      }
      return stored;
    } catch (error) {
      if (signal?.aborted) throw aborted(signal);
      // Deleted meanwhile: whoever's events they were, they are gone.
      if (isEventStoreError(error, 'stream_deleted')) throw error;
      throw unknownOutcome(stream, 'it was answered, but what stands there cannot be read');
    }
  }
}
