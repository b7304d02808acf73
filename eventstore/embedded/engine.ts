import type { Head } from '../common/head.js';
import { type AppendResult, type EventData, EventStoreError } from '../port/index.js';
import { type Appended, type CommitListener, CommitQueue } from './commit-queue.js';
import type { Lane } from './lane.js';
import type {
  AppendGroup,
  LogRequest,
  ReaderAnswer,
  ReaderQuestion,
  StreamRequest,
  WriterAnswer,
  WriterQuestion,
} from './messages.js';
import { ReadPool } from './read-pool.js';
import { RecentTypes } from './recent-types.js';
import { type StreamWatch, StreamWatches } from './stream-watches.js';
import type { PackedLogPage, PackedStreamPage } from './wire.js';

export interface Parts {
  readonly writer: Lane<WriterQuestion, WriterAnswer>;
  readonly readers: readonly Lane<ReaderQuestion, ReaderAnswer>[];
  readonly head: Head;
  /** Told of trouble that is ridden out inside. */
  readonly report: (error: unknown) => void;
  /** Frees the data directory. */
  readonly release: () => void;
}

/**
 * The log below the port: it takes what it is given, so whoever stands above it checks. The port's own store does, and
 * so does the node, which knows *any* and *exists*, empty appends and streams of the system's own.
 */
export class LogEngine {
  readonly head: Head;
  private readonly recent = new RecentTypes();
  private readonly commits: CommitQueue;
  private readonly reads: ReadPool;
  private readonly watches = new StreamWatches();
  private readonly listeners: CommitListener[] = [];
  private readonly deletions = new Set<(stream: string) => void>();
  private closed: Promise<void> | undefined;

  constructor(private readonly parts: Parts) {
    this.head = parts.head;
    const { head, writer } = parts;
    this.commits = new CommitQueue(writer, {
      committed: (position, appends) => {
        const types = appends?.flatMap(({ events }) => events.map(({ type }) => type));
        this.recent.note(head.position, position, types);
        for (const listener of this.listeners) listener.committed(position, appends);
        head.advance(position);
      },
      lost: () => {
        this.recent.forget();
        for (const listener of this.listeners) listener.lost();
      },
    });
    this.reads = new ReadPool(parts.readers);
  }

  /** `expected`: a revision, or one of the numbers beside revisions in `messages.ts`. `bytes`: data and metadata. */
  append(stream: string, expected: number, events: readonly EventData[], bytes: number): Promise<Appended> {
    const appended = this.commits.append(stream, expected, events, bytes);
    // Also when it failed: a writer that died may have written it before.
    const touch = (): void => this.watches.touch(stream);
    appended.then(touch, touch);
    return appended;
  }

  async ask(question: Exclude<WriterQuestion, AppendGroup>): Promise<AppendResult> {
    try {
      const result = await this.commits.ask(question);
      if (question.kind === 'delete') for (const heard of this.deletions) heard(question.stream);
      return result;
    } finally {
      if (question.kind !== 'limit') this.watches.touch(question.stream);
    }
  }

  /** For whoever keeps events in memory: told once a stream's events are gone. Answers how to stop hearing of it. */
  onStreamDeleted(heard: (stream: string) => void): () => void {
    this.deletions.add(heard);
    return () => this.deletions.delete(heard);
  }

  /** For whoever keeps the newest events in memory, for as long as the log is open. */
  listen(listener: CommitListener): void {
    this.listeners.push(listener);
  }

  /** For who follows one stream. */
  watch(stream: string, signal: AbortSignal): StreamWatch {
    return this.watches.watch(stream, signal);
  }

  readStream(request: StreamRequest): Promise<PackedStreamPage> {
    return this.reads.stream(request);
  }

  readLog(request: LogRequest): Promise<PackedLogPage> {
    return this.reads.log(request);
  }

  /** Up to where after `after` nothing of these types stands, as far as it is known without reading: maybe nowhere. */
  quietTo(after: number, types: readonly string[]): number {
    return this.recent.quietTo(after, types);
  }

  refuseWhenClosed(): void {
    if (this.closed) throw new EventStoreError('unavailable', 'The event store is closed.');
  }

  /** Finishes what is in flight. */
  close(): Promise<void> {
    this.closed ??= this.finish();
    return this.closed;
  }

  private async finish(): Promise<void> {
    const { head, writer, readers, release } = this.parts;
    head.close();
    this.watches.close();
    await Promise.all([this.commits.drain(), this.reads.drain()]);
    // The writer last: the last connection to close folds the write-ahead log into the file.
    await Promise.all(readers.map((reader) => reader.close()));
    await writer.close();
    release();
  }
}
