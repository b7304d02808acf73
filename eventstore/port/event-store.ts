/**
 * The event store's port: what every implementation promises, and all that the rest of the house may ask.
 *
 * Rules (the contract suite in `../contract` holds every implementation to them):
 * - A stream's revisions are 0, 1, 2 … without holes. Positions in the whole log grow strictly and become visible in
 *   commit order: a reader that has seen position p will never later see a new event below p. Positions may have holes.
 * - An append is all or nothing, and durable before it is answered.
 * - Type, content type, data and metadata are bytes and words to the store: it never looks inside.
 * - A store's own time is not part of this port: events carry theirs in the metadata.
 */

/** A revision, or that the stream must not exist yet. No business append uses anything weaker. */
export type ExpectedRevision = bigint | 'no_stream';

export interface EventData {
  /** A lower-case uuid; unique in the log by the writer's care, compared when an unknown outcome is resolved. */
  readonly id: string;
  /** 1–256 characters. */
  readonly type: string;
  readonly contentType: 'application/json' | 'application/octet-stream';
  readonly data: Uint8Array;
  readonly metadata: Uint8Array;
}

export interface RecordedEvent extends EventData {
  readonly stream: string;
  readonly revision: bigint;
  readonly position: bigint;
}

export interface AppendResult {
  /** Revision of the last event written. */
  readonly revision: bigint;
  /** Position of the last event written. */
  readonly position: bigint;
}

export interface CallOptions {
  /** Ends the call: AbortError. An aborted append may or may not have been written. */
  readonly signal?: AbortSignal;
}

export interface ReadStreamOptions extends CallOptions {
  readonly direction?: 'forwards' | 'backwards';
  /** First revision to read, inclusive. Default: the start (forwards) or the end (backwards). */
  readonly from?: bigint | 'start' | 'end';
  /** At most this many events, 1–4,096; a page may also end earlier by size (about 4 MiB), never empty before the end. */
  readonly limit: number;
}

export interface StreamPage {
  readonly events: readonly RecordedEvent[];
  /** Where the next page starts in the same direction; null at the end. */
  readonly next: bigint | null;
  /** Last revision of the stream at the time of reading; null when the stream does not exist. */
  readonly lastRevision: bigint | null;
}

export interface LogFilter {
  /** Only streams whose name starts with one of these. */
  readonly streamPrefixes?: readonly string[];
  /** Only these event types. */
  readonly types?: readonly string[];
}

export interface ReadAllOptions extends CallOptions {
  /** Exclusive: events after this position. Default 'start'. */
  readonly after?: bigint | 'start';
  readonly limit: number;
  readonly filter?: LogFilter;
}

export interface LogPage {
  readonly events: readonly RecordedEvent[];
  /** How far the log was looked through (≥ the last event's position): go on after here. */
  readonly scannedTo: bigint;
  /** Nothing was left after `scannedTo` when the page was read. */
  readonly atEnd: boolean;
}

export interface SubscribeOptions extends CallOptions {
  /** Exclusive start. 'end' means only what is appended from now on. */
  readonly after: bigint | 'start' | 'end';
  readonly filter?: LogFilter;
  /** At most this many events per batch (default 512). */
  readonly batchSize?: number;
}

/**
 * What a catch-up subscription yields, in order:
 * - `events`: a non-empty batch in position order;
 * - `checkpoint`: nothing matched up to here, the reader may move its own checkpoint;
 * - `caught_up`: everything that was in the log when it was read has been delivered; sent each time live is reached again.
 */
export type SubscriptionMessage =
  | { readonly kind: 'events'; readonly events: readonly RecordedEvent[] }
  | { readonly kind: 'checkpoint'; readonly position: bigint }
  | { readonly kind: 'caught_up'; readonly position: bigint };

export abstract class EventStore {
  /**
   * Appends 1–1,000 events (≤ 1,048,576 bytes of type, data and metadata together) at exactly this revision.
   * A repeat (the same events in the same order at the same expected revision, all of them written there before) answers
   * as the first time did and writes nothing, so an append of unknown outcome may simply be asked again. The same ids with
   * other contents are no repeat but somebody else's append: wrong_expected_revision.
   * Stream names are 1–1,024 characters; names and types are well-formed and hold no NUL.
   * @throws EventStoreError wrong_expected_revision | stream_deleted | append_too_large | invalid_argument | unavailable | unknown_outcome
   */
  abstract append(
    stream: string,
    expected: ExpectedRevision,
    events: readonly EventData[],
    options?: CallOptions,
  ): Promise<AppendResult>;

  /** A missing stream is an empty page with `lastRevision: null`. @throws EventStoreError stream_deleted */
  abstract readStream(stream: string, options: ReadStreamOptions): Promise<StreamPage>;

  /** The whole log in position order, in bounded pages. A deleted stream's events are not in it. */
  abstract readAll(options: ReadAllOptions): Promise<LogPage>;

  /**
   * Catch-up, then live, until the signal aborts, the consumer returns or the store is closed. The next batch is read
   * when the consumer asks (backpressure: a slow consumer costs memory for one batch), and trouble with the store is
   * ridden out inside: the iterator goes on from its last position with backoff and never ends or throws by itself. 'end' is where the log
   * ends when `subscribe` is called; each iteration is a subscription of its own from the same start.
   */
  abstract subscribe(options: SubscribeOptions): AsyncIterable<SubscriptionMessage>;

  /**
   * Deletes the stream for good: its events are gone for every reader and its name stays taken.
   * Deleting a deleted stream again is no error; deleting a stream that never was takes its name.
   * `expected` undefined: whatever revision it is at.
   */
  abstract deleteStream(stream: string, expected?: ExpectedRevision, options?: CallOptions): Promise<void>;

  /** Position of the newest event; 0n for an empty log. */
  abstract head(): Promise<bigint>;

  /** Finishes what is in flight, refuses what comes after, frees the data directory. */
  abstract close(): Promise<void>;
}
