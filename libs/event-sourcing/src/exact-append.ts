import { setTimeout as delay } from 'node:timers/promises';
import {
  type AppendResult,
  areSameEvents,
  type EventData,
  type EventStore,
  isEventStoreError,
  type StreamPage,
} from '#event-store';
import { notFound } from '#platform';
import { unavailable, uncertain } from './trouble.js';

/**
 * Appends at exactly one revision, once: an outcome that stays unknown is resolved by reading from the expected revision and
 * comparing what stands there, and asked again with the same events.
 */
export class ExactAppend {
  constructor(private readonly log: EventStore) {}

  /**
   * Undefined when another writer was there first, be it one that decided otherwise under the same ids.
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
      // Not AbortSignal.timeout: its timer outlives the append by seconds and then makes an error nobody waits for.
      const patience = new AbortController();
      const timer = setTimeout(() => patience.abort(), Math.max(1, Math.ceil(budgetEnds - performance.now())));
      try {
        return await this.log.append(stream, expected, events, { signal: patience.signal });
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
      } finally {
        clearTimeout(timer);
      }
    }
  }

  /** Resolves an unknown outcome: reads from the expected revision on and compares what stands there. */
  private async findOwn(
    stream: string,
    revision: number,
    events: readonly EventData[],
  ): Promise<{ own?: AppendResult; foreign: boolean }> {
    const page = await this.readAfter(stream, revision, events.length);
    if (page.events.length === 0) return { foreign: false };
    const own = areSameEvents(page.events, events);
    const last = page.events.at(-1)!;
    return own ? { own: { revision: last.revision, position: last.position }, foreign: false } : { foreign: true };
  }

  private async readAfter(stream: string, revision: number, limit: number): Promise<StreamPage> {
    try {
      return await this.log.readStream(stream, { from: BigInt(revision + 1), limit });
    } catch (error) {
      throw isEventStoreError(error, 'unavailable') ? uncertain(stream) : error;
    }
  }
}

/** By name: an error of another realm is no instance of ours. */
const isAbort = (error: unknown): boolean => (error as { name?: unknown } | null)?.name === 'AbortError';
