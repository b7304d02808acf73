import { setTimeout as delay } from 'node:timers/promises';
import { type AppendResult, type EventData, type EventStore, isEventStoreError, type StreamPage } from '#event-store';
import { isVerbatimError, notFound } from '#platform';
import { unavailable, uncertain } from './trouble.js';

/**
 * Appends at exactly one revision, once: an outcome that stays unknown is resolved by reading from the expected revision and
 * comparing ids, and asked again with the same ids.
 */
export class ExactAppend {
  /**
   * Streams with an append given up on, which may still be under way. Written after all, it would pass for the next one of
   * the same ids (the same command asked again), although that one was decided anew and says something else.
   */
  private readonly doubtful = new Set<string>();

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
    try {
      const result = await this.resolve(stream, revision, events, budgetEnds);
      if (!result || !this.doubtful.has(stream)) return result;
      const isOwn = await this.stands(stream, revision, events);
      this.doubtful.delete(stream);
      return isOwn ? result : undefined;
    } catch (error) {
      if (isVerbatimError(error, 'busy')) this.doubtful.add(stream);
      throw error;
    }
  }

  private async resolve(
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

  /** These very bytes, not an earlier decision under the same ids. */
  private async stands(stream: string, revision: number, events: readonly EventData[]): Promise<boolean> {
    const { events: stored } = await this.readAfter(stream, revision, events.length);
    return events.every(
      ({ data, metadata }, at) => same(data, stored[at]?.data) && same(metadata, stored[at]?.metadata),
    );
  }

  /** Resolves an unknown outcome: reads from the expected revision on and compares ids. */
  private async findOwn(
    stream: string,
    revision: number,
    events: readonly EventData[],
  ): Promise<{ own?: AppendResult; foreign: boolean }> {
    const page = await this.readAfter(stream, revision, events.length);
    if (page.events.length === 0) return { foreign: false };
    const own = page.events.length === events.length && page.events.every((event, at) => event.id === events[at]!.id);
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

const same = (a: Uint8Array, b: Uint8Array | undefined): boolean => b !== undefined && Buffer.compare(a, b) === 0;

const isAbort = (error: unknown): boolean => error instanceof Error && error.name === 'AbortError';
