import { abortable, throwIfAborted } from '../common/abort.js';
import {
  checkEvents,
  checkFilter,
  checkLimit,
  checkStream,
  expectedNumber,
  revisionNumber,
} from '../common/arguments.js';
import type { Head } from '../common/head.js';
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
import { CommitQueue } from './commit-queue.js';
import type { Lane } from './lane.js';
import type { ReaderAnswer, ReaderQuestion, WriterAnswer, WriterQuestion } from './messages.js';
import { ReadPool } from './read-pool.js';
import { unpackLogPage, unpackStreamPage } from './wire.js';

const DEFAULT_BATCH = 512;

export interface Parts {
  readonly writer: Lane<WriterQuestion, WriterAnswer>;
  readonly readers: readonly Lane<ReaderQuestion, ReaderAnswer>[];
  readonly head: Head;
  /** Told of trouble that is ridden out inside. */
  readonly report: (error: unknown) => void;
  /** Frees the data directory. */
  readonly release: () => void;
}

/** The event log in one SQLite file (or in memory), written by one thread and read by others. */
export class EmbeddedEventStore extends EventStore {
  private readonly commits: CommitQueue;
  private readonly reads: ReadPool;
  private closed: Promise<void> | undefined;

  constructor(private readonly parts: Parts) {
    super();
    this.commits = new CommitQueue(parts.writer, (head) => parts.head.advance(head));
    this.reads = new ReadPool(parts.readers);
  }

  async append(
    stream: string,
    expected: ExpectedRevision,
    events: readonly EventData[],
    { signal }: CallOptions = {},
  ): Promise<AppendResult> {
    this.refuseWhenClosed();
    checkStream(stream);
    const revision = expectedNumber(expected);
    const bytes = checkEvents(events);
    throwIfAborted(signal);
    return abortable(this.commits.append(stream, revision, events, bytes), signal);
  }

  async readStream(
    stream: string,
    { direction = 'forwards', from, limit, signal }: ReadStreamOptions,
  ): Promise<StreamPage> {
    this.refuseWhenClosed();
    checkStream(stream);
    checkLimit(limit);
    throwIfAborted(signal);
    const backwards = direction === 'backwards';
    const start = from ?? (backwards ? 'end' : 'start');
    const at = start === 'start' ? 0 : start === 'end' ? undefined : revisionNumber(start, 'A revision to read from');
    return unpackStreamPage(
      await abortable(this.reads.stream({ kind: 'stream', stream, backwards, from: at, limit }), signal),
    );
  }

  async readAll({ after = 'start', limit, filter, signal }: ReadAllOptions): Promise<LogPage> {
    this.refuseWhenClosed();
    checkLimit(limit);
    checkFilter(filter);
    throwIfAborted(signal);
    const request = {
      kind: 'log',
      after: after === 'start' ? 0 : revisionNumber(after, 'A position to read after'),
      limit,
      prefixes: filter?.streamPrefixes,
      types: filter?.types,
    } as const;
    return unpackLogPage(await abortable(this.reads.log(request), signal));
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
    const { head, report } = this.parts;
    const from = after === 'start' ? 0 : after === 'end' ? head.position : revisionNumber(after, 'A position');
    return subscription(
      {
        head,
        report,
        read: (position, limit, only) => this.readAll({ after: position, limit, ...(only && { filter: only }) }),
      },
      { after: BigInt(from), batchSize, filter, signal },
    );
  }

  async deleteStream(stream: string, expected?: ExpectedRevision, { signal }: CallOptions = {}): Promise<void> {
    this.refuseWhenClosed();
    checkStream(stream);
    const revision = expected === undefined ? undefined : expectedNumber(expected);
    throwIfAborted(signal);
    await abortable(this.commits.ask({ kind: 'delete', stream, expected: revision }), signal);
  }

  async head(): Promise<bigint> {
    this.refuseWhenClosed();
    return BigInt(this.parts.head.position);
  }

  /** How many pages of 4 KiB the file may have; SQLite never goes below what it has. Takes effect at once. */
  async limitPages(pages: number): Promise<void> {
    this.refuseWhenClosed();
    await this.commits.ask({ kind: 'limit', pages });
  }

  close(): Promise<void> {
    this.closed ??= this.finish();
    return this.closed;
  }

  private async finish(): Promise<void> {
    const { head, writer, readers, release } = this.parts;
    head.close();
    await Promise.all([this.commits.drain(), this.reads.drain()]);
    // The writer last: the last connection to close folds the write-ahead log into the file.
    await Promise.all(readers.map((reader) => reader.close()));
    await writer.close();
    release();
  }

  private refuseWhenClosed(): void {
    if (this.closed) throw new EventStoreError('unavailable', 'The event store is closed.');
  }
}
