import type { Refusal } from './refusal.js';
import type { PackedEvents, PackedLogPage, PackedStreamPage } from './wire.js';

/** What the protocol may expect of a stream besides a revision and NO_STREAM, as numbers beside revisions. */
export const ANY = -2;
export const EXISTS = -4;

/** The revision under which a deleted stream's `$streamDeleted` is kept: no stream has so many events. */
export const TOMBSTONE_REVISION = Number.MAX_SAFE_INTEGER;

/** Everything that was queued: written in one transaction, answered together. */
export interface AppendGroup {
  readonly kind: 'append';
  /** When they are written, in milliseconds since 1970. */
  readonly created: number;
  readonly streams: readonly string[];
  readonly expected: Float64Array<ArrayBuffer>;
  /** Events of each append. */
  readonly counts: Uint32Array<ArrayBuffer>;
  readonly events: PackedEvents;
}

export type WriterQuestion =
  | AppendGroup
  | {
      readonly kind: 'delete';
      readonly stream: string;
      readonly expected: number;
      /** To the port a stream that is deleted already is as it should be; to the protocol it is an error. */
      readonly again: 'allowed' | 'refused';
    }
  | { readonly kind: 'hide'; readonly stream: string; readonly expected: number }
  | { readonly kind: 'limit'; readonly pages: number };

export interface WriterAnswer {
  /** Newest position. */
  readonly head: number;
  /** Last revision and position of each append, or of the record that a deletion wrote. */
  readonly results: Float64Array<ArrayBuffer>;
  /** Which of them stood there already, by their ids. */
  readonly repeats?: readonly number[];
  /** Which of them were refused, and why. */
  readonly refusals: readonly (readonly [index: number, refusal: Refusal])[];
}

export interface StreamRequest {
  readonly kind: 'stream';
  readonly stream: string;
  readonly backwards: boolean;
  /** undefined: the last revision. */
  readonly from: number | undefined;
  readonly limit: number;
  /** Leave out what the stream's metadata hides. */
  readonly truncated: boolean;
}

/** All of them must hold. */
export interface LogConditions {
  /** Streams that begin with one of these. */
  readonly prefixes?: readonly string[] | undefined;
  readonly types?: readonly string[] | undefined;
  /** As `prefixes`, besides them. */
  readonly within?: readonly string[] | undefined;
  readonly typePrefixes?: readonly string[] | undefined;
  readonly pattern?: { readonly on: 'stream' | 'type'; readonly source: string } | undefined;
  /** Show the `$streamDeleted` of deleted streams. */
  readonly deletions: boolean;
}

export interface LogRequest {
  readonly kind: 'log';
  readonly backwards: boolean;
  /** Exclusive, in both directions. */
  readonly from: number;
  readonly limit: number;
  readonly conditions: LogConditions;
}

export type ReadRequest = StreamRequest | LogRequest;

export type ReaderQuestion = readonly ReadRequest[];

export type ReadOutcome =
  | { readonly page: PackedStreamPage | PackedLogPage; readonly refusal?: undefined }
  | { readonly page?: undefined; readonly refusal: Refusal };

export type ReaderAnswer = readonly ReadOutcome[];
