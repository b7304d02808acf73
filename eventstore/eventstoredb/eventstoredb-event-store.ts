import { setTimeout as sleep } from 'node:timers/promises';
import { throwIfAborted } from '../common/abort.js';
import {
  checkEvents,
  checkFilter,
  checkLimit,
  checkStream,
  expectedNumber,
  revisionNumber,
} from '../common/arguments.js';
import { Head } from '../common/head.js';
import { subscription } from '../common/subscription.js';
import {
  type AppendResult,
  type CallOptions,
  type EventData,
  EventStore,
  EventStoreError,
  type ExpectedRevision,
  type LogPage,
  type ReadAllOptions,
  type ReadStreamOptions,
  type StreamPage,
  type SubscribeOptions,
  type SubscriptionMessage,
} from '../port/index.js';
import { APPEND_PATIENCE, type AppendPatience, Appends } from './appends.js';
import { Connection, closedRefusal } from './connection.js';
import { deleteStream } from './deleting.js';
import { EventStoreDbConsumerGroups } from './groups/eventstoredb-consumer-groups.js';
import { headOf, LogPages } from './log-pages.js';
import { LogTail } from './log-tail.js';
import { OwnBytes } from './own-bytes.js';
import { ReadAhead } from './read-ahead.js';
import { asked } from './read-messages.js';
import { RecentEvents } from './recent-events.js';
import { StreamPages } from './stream-pages.js';
import { Tombstones } from './tombstones.js';

const DEFAULT_BATCH = 512;
/** A server that is just starting, or elects. */
const OPEN_MS = 10_000;
const OPEN_PAUSE_MS = 200;

export interface EventStoreDbOptions {
  /** `esdb://…` or `esdb+discover://…`, as EventStoreDB's clients take it. */
  readonly url: string;
  /** Told of trouble that is ridden out inside. */
  readonly report?: (error: unknown) => void;
  /** Deadlines; the defaults suit a server in the same data centre. */
  readonly patience?: Partial<AppendPatience> & { readonly readMs?: number };
}

/** The event log in EventStoreDB, or in whatever speaks its protocol. */
export class EventStoreDbEventStore extends EventStore {
  private readonly appends: Appends;
  private readonly readMs: number | undefined;
  private readonly streams: StreamPages;
  private readonly pages: LogPages;
  private readonly tombstones: Tombstones;
  private readonly recent: RecentEvents;
  private readonly newest = new Head();
  private readonly tail: LogTail;
  private readonly ownBytes: OwnBytes;
  private readonly pending = new Set<Promise<unknown>>();
  /** Of this process's newest append: the live subscription may be a moment behind it. */
  private acknowledged = 0n;
  private closed: Promise<void> | undefined;

  private constructor(
    private readonly connection: Connection,
    began: bigint,
    private readonly report: (error: unknown) => void,
    { readMs, ...patience }: NonNullable<EventStoreDbOptions['patience']>,
  ) {
    super();
    this.readMs = readMs;
    this.appends = new Appends(connection, { ...APPEND_PATIENCE, ...patience });
    this.streams = new StreamPages(connection, readMs);
    this.tombstones = new Tombstones(connection, began);
    this.pages = new LogPages(connection, this.tombstones, readMs);
    this.recent = new RecentEvents(began, (stream) => this.tombstones.has(stream));
    this.newest.advance(Number(began));
    const { pages, recent, tombstones, newest: head } = this;
    this.tail = new LogTail({ connection, pages, recent, tombstones, head, report }, began);
    this.ownBytes = new OwnBytes(recent, head, this.streams, () => this.tail.isFollowing);
  }

  /** @throws EventStoreError invalid_argument | unavailable */
  static async open({ url, report = () => {}, patience = {} }: EventStoreDbOptions): Promise<EventStoreDbEventStore> {
    const connection = Connection.to(url, patience.readMs);
    const began = performance.now();
    for (;;) {
      try {
        return new EventStoreDbEventStore(connection, await headOf(connection), report, patience);
      } catch (error) {
        if (performance.now() - began < OPEN_MS) {
          await sleep(OPEN_PAUSE_MS);
          continue;
        }
        await connection.close();
        throw error;
      }
    }
  }

  async append(
    stream: string,
    expected: ExpectedRevision,
    events: readonly EventData[],
    { signal }: CallOptions = {},
  ): Promise<AppendResult> {
    this.refuseWhenClosed();
    checkBusiness(stream);
    expectedNumber(expected);
    checkEvents(events);
    for (const { type } of events) if (type.startsWith('$')) throw systemName('type', type);
    throwIfAborted(signal);
    return this.kept(
      this.appends.append(stream, expected, events, signal).then(async (result) => {
        await this.ownBytes.require(stream, expected, events, result, signal);
        if (result.position > this.acknowledged) this.acknowledged = result.position;
        return result;
      }),
    );
  }

  async readStream(
    stream: string,
    { direction = 'forwards', from, limit, signal }: ReadStreamOptions,
  ): Promise<StreamPage> {
    this.refuseWhenClosed();
    checkBusiness(stream);
    checkLimit(limit);
    throwIfAborted(signal);
    const start = from ?? (direction === 'backwards' ? 'end' : 'start');
    if (typeof start === 'bigint') revisionNumber(start, 'A revision to read from');
    return this.kept(asked(() => this.streams.page(stream, { direction, from: start, limit, signal })));
  }

  async readAll({ after = 'start', limit, filter, signal }: ReadAllOptions): Promise<LogPage> {
    this.refuseWhenClosed();
    checkLimit(limit);
    checkFilter(filter);
    throwIfAborted(signal);
    const from = after === 'start' ? 0n : BigInt(revisionNumber(after, 'A position to read after'));
    return this.kept(asked(() => this.pages.page({ after: from, limit, filter, signal })));
  }

  subscribe({
    after,
    filter,
    batchSize = DEFAULT_BATCH,
    signal,
  }: SubscribeOptions): AsyncIterable<SubscriptionMessage> {
    this.refuseWhenClosed();
    checkLimit(batchSize);
    checkFilter(filter);
    const known = Math.max(this.newest.position, Number(this.acknowledged));
    const from = after === 'start' ? 0 : after === 'end' ? known : revisionNumber(after, 'A position');
    const { newest: head, report, recent, tombstones } = this;
    const start = BigInt(from);
    const reader = (ended: AbortSignal) => {
      const ahead = new ReadAhead(
        (position, limit) => this.readAll({ after: position, limit, signal: ended, ...(filter && { filter }) }),
        (stream) => tombstones.has(stream),
      );
      // What was there when it began is asked of the server; what comes after that this process hears by itself.
      return async (position: bigint) =>
        (position === start ? undefined : recent.page(position, batchSize, filter)) ?? ahead.page(position, batchSize);
    };
    return subscription({ head, report, reader }, { after: start, signal });
  }

  async deleteStream(stream: string, expected?: ExpectedRevision, { signal }: CallOptions = {}): Promise<void> {
    this.refuseWhenClosed();
    checkBusiness(stream);
    if (expected !== undefined) expectedNumber(expected);
    throwIfAborted(signal);
    await this.kept(deleteStream(this.connection, stream, expected, signal));
    this.tombstones.add(stream);
  }

  async head(): Promise<bigint> {
    this.refuseWhenClosed();
    return this.kept(asked(() => this.pages.head()));
  }

  /** Competing consumers on this connection; closed by themselves, before the store is. */
  consumerGroups(): EventStoreDbConsumerGroups {
    this.refuseWhenClosed();
    const { connection, streams, appends, tombstones, report, readMs } = this;
    return new EventStoreDbConsumerGroups({
      connection,
      streams,
      appends,
      tombstones,
      report,
      readMs,
      head: () => this.head(),
    });
  }

  close(): Promise<void> {
    this.closed ??= this.finish();
    return this.closed;
  }

  private async finish(): Promise<void> {
    await Promise.all(this.pending);
    this.newest.close();
    await this.tail.close();
    await this.connection.close();
  }

  /** Finished before the connection is closed. */
  private kept<Result>(work: Promise<Result>): Promise<Result> {
    const done = work.then(
      () => undefined,
      () => undefined,
    );
    this.pending.add(done);
    void done.then(() => this.pending.delete(done));
    return work;
  }

  private refuseWhenClosed(): void {
    if (this.closed) throw closedRefusal();
  }
}

const systemName = (what: string, name: string): EventStoreError =>
  new EventStoreError(
    'invalid_argument',
    `A ${what} that begins with $ is the store's own, and so is ${JSON.stringify(name)}.`,
  );

function checkBusiness(stream: string): void {
  checkStream(stream);
  if (stream.startsWith('$')) throw systemName('stream', stream);
}
