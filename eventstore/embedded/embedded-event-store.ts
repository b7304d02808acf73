import { abortable, throwIfAborted } from '../common/abort.js';
import {
  checkEvents,
  checkFilter,
  checkLimit,
  checkStream,
  expectedNumber,
  revisionNumber,
} from '../common/arguments.js';
import { subscription } from '../common/subscription.js';
import {
  type AppendResult,
  areSameEvents,
  type CallOptions,
  type EventData,
  EventStore,
  type ExpectedRevision,
  type LogFilter,
  type LogPage,
  type ReadAllOptions,
  type ReadStreamOptions,
  type RecordedEvent,
  type StreamPage,
  type SubscribeOptions,
  type SubscriptionMessage,
} from '../port/index.js';
import { LogEngine, type Parts } from './engine.js';
import { ANY } from './messages.js';
import { wrongRevision } from './placing.js';
import { thrown } from './refusal.js';
import { unpackLogPage, unpackStreamPage } from './wire.js';

const DEFAULT_BATCH = 512;

/** The event log in one SQLite file (or in memory), written by one thread and read by others. */
export class EmbeddedEventStore extends EventStore {
  /** What stands below the port, for the node that serves EventStoreDB's protocol from this log. */
  readonly engine: LogEngine;

  constructor(private readonly parts: Parts) {
    super();
    this.engine = new LogEngine(parts);
  }

  async append(
    stream: string,
    expected: ExpectedRevision,
    events: readonly EventData[],
    { signal }: CallOptions = {},
  ): Promise<AppendResult> {
    this.engine.refuseWhenClosed();
    checkStream(stream);
    const revision = expectedNumber(expected);
    const bytes = checkEvents(events);
    throwIfAborted(signal);
    const { isRepeat, ...result } = await abortable(this.engine.append(stream, revision, events, bytes), signal);
    if (isRepeat) await this.requireSame(stream, expected, events, result, signal);
    return result;
  }

  /** @throws EventStoreError wrong_expected_revision when what stands there has the same ids and says something else */
  private async requireSame(
    stream: string,
    expected: ExpectedRevision,
    events: readonly EventData[],
    { revision }: AppendResult,
    signal: AbortSignal | undefined,
  ): Promise<void> {
    const stored: RecordedEvent[] = [];
    for (
      let from: bigint | null = revision - BigInt(events.length - 1);
      from !== null && stored.length < events.length;
    ) {
      const limit = events.length - stored.length;
      const page = await this.readStream(stream, { from, limit, ...(signal && { signal }) });
      stored.push(...page.events);
      from = page.next;
    }
    if (!areSameEvents(stored, events)) throw thrown(wrongRevision(stream, expectedNumber(expected), Number(revision)));
  }

  async readStream(
    stream: string,
    { direction = 'forwards', from, limit, signal }: ReadStreamOptions,
  ): Promise<StreamPage> {
    this.engine.refuseWhenClosed();
    checkStream(stream);
    checkLimit(limit);
    throwIfAborted(signal);
    const backwards = direction === 'backwards';
    const start = from ?? (backwards ? 'end' : 'start');
    const at = start === 'start' ? 0 : start === 'end' ? undefined : revisionNumber(start, 'A revision to read from');
    return unpackStreamPage(
      await abortable(
        this.engine.readStream({ kind: 'stream', stream, backwards, from: at, limit, truncated: false }),
        signal,
      ),
    );
  }

  async readAll({ after = 'start', limit, filter, signal }: ReadAllOptions): Promise<LogPage> {
    this.engine.refuseWhenClosed();
    checkLimit(limit);
    checkFilter(filter);
    throwIfAborted(signal);
    const request = {
      kind: 'log',
      backwards: false,
      from: after === 'start' ? 0 : revisionNumber(after, 'A position to read after'),
      limit,
      conditions: { prefixes: filter?.streamPrefixes, types: filter?.types, deletions: false },
    } as const;
    return unpackLogPage(await abortable(this.engine.readLog(request), signal));
  }

  subscribe({
    after,
    filter,
    batchSize = DEFAULT_BATCH,
    signal,
  }: SubscribeOptions): AsyncIterable<SubscriptionMessage> {
    this.engine.refuseWhenClosed();
    checkLimit(batchSize);
    checkFilter(filter);
    const { head, report } = this.parts;
    const from = after === 'start' ? 0 : after === 'end' ? head.position : revisionNumber(after, 'A position');
    return subscription(
      {
        head,
        report,
        reader: () => (position) => this.pageAfter(position, batchSize, filter),
      },
      { after: BigInt(from), signal },
    );
  }

  /** For subscribers, whom every commit wakes: what is known to hold nothing for them is not read. */
  private async pageAfter(after: bigint, limit: number, filter: LogFilter | undefined): Promise<LogPage> {
    const quietTo = filter?.types ? this.engine.quietTo(Number(after), filter.types) : Number(after);
    if (quietTo <= Number(after)) return this.readAll({ after, limit, ...(filter && { filter }) });
    return { events: [], scannedTo: BigInt(quietTo), atEnd: quietTo >= this.parts.head.position };
  }

  async deleteStream(stream: string, expected?: ExpectedRevision, { signal }: CallOptions = {}): Promise<void> {
    this.engine.refuseWhenClosed();
    checkStream(stream);
    const revision = expected === undefined ? ANY : expectedNumber(expected);
    throwIfAborted(signal);
    await abortable(this.engine.ask({ kind: 'delete', stream, expected: revision, again: 'allowed' }), signal);
  }

  async head(): Promise<bigint> {
    this.engine.refuseWhenClosed();
    return BigInt(this.parts.head.position);
  }

  /** How many pages of 4 KiB the file may have; SQLite never goes below what it has. Takes effect at once. */
  async limitPages(pages: number): Promise<void> {
    this.engine.refuseWhenClosed();
    await this.engine.ask({ kind: 'limit', pages });
  }

  close(): Promise<void> {
    return this.engine.close();
  }
}
