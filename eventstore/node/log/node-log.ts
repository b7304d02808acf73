import type { EventData, RecordedEvent } from '../../port/index.js';

/** What a writer may say about where a stream is. The port knows only the first two; the protocol also has these. */
export type Expected = bigint | 'no_stream' | 'any' | 'stream_exists';

/** The revision of a stream's `$streamDeleted`, its last word in `$all`: 2^63 − 1. */
export const DELETED_REVISION = 9_223_372_036_854_775_807n;

export interface NodeEvent extends RecordedEvent {
  /** When it was written, in milliseconds since 1970; 0 for events of a log from before this was kept. */
  readonly created: number;
}

export interface Appended {
  /** Revision of the last event of the stream; null when the append was empty and the stream does not exist. */
  readonly revision: bigint | null;
  /** Position of the last event written. */
  readonly position: bigint;
}

export interface StreamRead {
  readonly direction: 'forwards' | 'backwards';
  /** Inclusive. */
  readonly from: bigint | 'start' | 'end';
  /** 1–4,096; a page may end earlier by size. */
  readonly limit: number;
}

export interface NodeStreamPage {
  readonly events: readonly NodeEvent[];
  /** Where the next page starts in the same direction; null at the end. */
  readonly next: bigint | null;
  /** Null when the stream does not exist, or is soft-deleted. */
  readonly lastRevision: bigint | null;
  /** Revisions below are hidden by the stream's metadata. */
  readonly firstRevision: bigint;
}

/** By stream name or event type; one of the prefixes, or a regular expression. */
export interface NodeFilter {
  readonly on: 'stream' | 'type';
  readonly prefixes?: readonly string[];
  readonly regex?: string;
}

export interface AllRead {
  readonly direction: 'forwards' | 'backwards';
  /** Forwards inclusive, backwards exclusive, as the protocol has it. */
  readonly from: bigint | 'start' | 'end';
  readonly limit: number;
  readonly filter?: NodeFilter | undefined;
  /** Besides the filter: only streams with one of these prefixes. */
  readonly within?: readonly string[] | undefined;
}

export interface NodeLogPage {
  readonly events: readonly NodeEvent[];
  /** `from` of the next page in the same direction. */
  readonly next: bigint;
  readonly atEnd: boolean;
}

export interface Resolved {
  /** Undefined when a link points to nothing (any more). */
  readonly event?: NodeEvent | undefined;
  /** Set when the event read was a link. */
  readonly link?: NodeEvent | undefined;
}

export interface Watch {
  /** To be called before the stream is read: what is written after the read then ends the next wait. */
  rearm(): void;
  /** Resolves when the stream was touched since `rearm`, the log is closed or the signal aborts. */
  touched(): Promise<void>;
}

/**
 * The embedded log as EventStoreDB's protocol sees it: *any* and *exists*, stream metadata, soft deletes, tombstones,
 * links, `$all` in both directions. Streams whose name begins with `$` are the protocol's own.
 */
export interface NodeLog {
  /**
   * At most 1,048,576 bytes of type, data and metadata; empty appends are allowed. Repeats answer as the first time did.
   * @throws EventStoreError wrong_expected_revision (details.actual: revision or 'no_stream') | stream_deleted |
   * append_too_large | invalid_argument | unavailable | unknown_outcome
   */
  append(stream: string, expected: Expected, events: readonly EventData[]): Promise<Appended>;

  /** What metadata hides is not in the page. @throws EventStoreError stream_deleted */
  readStream(stream: string, read: StreamRead): Promise<NodeStreamPage>;

  /** Events of deleted streams are not in it, but for their `$streamDeleted`; truncated events are. */
  readAll(read: AllRead): Promise<NodeLogPage>;

  /** What `resolve_links` makes of an event: its target beside it when it is a link. */
  resolve(event: NodeEvent): Promise<Resolved>;

  /** Soft: hides what is there, the next append makes the stream again. Answers the position of the record. */
  deleteStream(stream: string, expected: Expected): Promise<bigint>;

  /** For good, `$$S` with it. Answers the position of `$streamDeleted`. */
  tombstone(stream: string, expected: Expected): Promise<bigint>;

  /** Newest position. */
  head(): bigint;

  /** Resolves when something newer than `position` is in the log, the log is closed, or the signal aborts. */
  beyond(position: bigint, signal: AbortSignal): Promise<void>;

  /** Says when one stream may have changed, as long as the signal does not abort. */
  watch(stream: string, signal: AbortSignal): Watch;

  /** For whoever keeps events in memory: told once a stream was deleted for good. Answers how to stop hearing of it. */
  onStreamDeleted(heard: (stream: string) => void): () => void;

  readonly isClosed: boolean;
}
