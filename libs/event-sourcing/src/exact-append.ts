import { setTimeout as delay } from 'node:timers/promises';
import { type AppendResult, type EventData, type EventStore, isEventStoreError } from '#event-store';
import { notFound } from '#platform';
import { unavailable, uncertain } from './trouble.js';

/**
 * Appends at exactly one revision, once: an outcome that stays unknown is resolved by reading from the expected revision and
 * comparing ids, and asked again with the same ids.
 */
export class ExactAppend {
  constructor(private readonly log: EventStore) {}

  /**
   * Undefined when another writer was there first.
   * @throws VerbatimError not_found (the stream was deleted) | storage_unavailable | busy
   */
  async append(
    stream: string,
    revision: number,
    events: readonly EventData[],
    budgetEnds: number,
  ): Promise<AppendResult | undefined> {
    const expected = revision < 0 ? 'no_stream' : BigInt(revision);
    for (let attempt = 0; ; attempt += 1) {
      if (attempt > 0) {
        if (performance.now() > budgetEnds) throw uncertain(stream);
        await delay(Math.min(500, 10 * 2 ** attempt));
      }
      try {
        const left = Math.max(1, Math.ceil(budgetEnds - performance.now()));
        return await this.log.append(stream, expected, events, { signal: AbortSignal.timeout(left) });
      } catch (error) {
        if (isEventStoreError(error, 'stream_deleted')) throw notFound('object');
        if (isEventStoreError(error, 'wrong_expected_revision')) {
          // Also the answer when an earlier try of ours, of unknown outcome, did get in.
          return attempt === 0 ? undefined : (await this.findOwn(stream, revision, events)).own;
        }
        // After a try of unknown outcome nobody can say that nothing was kept.
        if (isEventStoreError(error, 'unavailable')) throw attempt === 0 ? unavailable(error) : uncertain(stream);
        if (!isEventStoreError(error, 'unknown_outcome') && !isAbort(error)) throw error;
        const found = await this.findOwn(stream, revision, events);
        if (found.own || found.foreign) return found.own;
      }
    }
  }

  /** Resolves an unknown outcome: reads from the expected revision on and compares ids. */
  private async findOwn(
    stream: string,
    revision: number,
    events: readonly EventData[],
  ): Promise<{ own?: AppendResult; foreign: boolean }> {
    const page = await this.log
      .readStream(stream, { from: BigInt(revision + 1), limit: events.length })
      .catch((error: unknown) => {
        throw isEventStoreError(error, 'unavailable') ? uncertain(stream) : error;
      });
    if (page.events.length === 0) return { foreign: false };
    const own = page.events.length === events.length && page.events.every((event, at) => event.id === events[at]!.id);
    const last = page.events.at(-1)!;
    return own ? { own: { revision: last.revision, position: last.position }, foreign: false } : { foreign: true };
  }
}

const isAbort = (error: unknown): boolean =>
  error instanceof Error && (error.name === 'AbortError' || error.name === 'TimeoutError');
