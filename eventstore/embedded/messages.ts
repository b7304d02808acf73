import type { Refusal } from './refusal.js';
import type { PackedEvents, PackedLogPage, PackedStreamPage } from './wire.js';

/** Everything that was queued: written in one transaction, answered together. */
export interface AppendGroup {
  readonly kind: 'append';
  readonly streams: readonly string[];
  readonly expected: Float64Array<ArrayBuffer>;
  /** Events of each append. */
  readonly counts: Uint32Array<ArrayBuffer>;
  readonly events: PackedEvents;
}

export type WriterQuestion =
  | AppendGroup
  | { readonly kind: 'delete'; readonly stream: string; readonly expected: number | undefined }
  | { readonly kind: 'limit'; readonly pages: number };

export interface WriterAnswer {
  /** Newest position. */
  readonly head: number;
  /** For an append group: last revision and position of each append. */
  readonly results: Float64Array<ArrayBuffer>;
  /** Which of them were refused, and why. */
  readonly refusals: readonly (readonly [index: number, refusal: Refusal])[];
}

export type ReadRequest =
  | {
      readonly kind: 'stream';
      readonly stream: string;
      readonly backwards: boolean;
      /** undefined: the last revision. */
      readonly from: number | undefined;
      readonly limit: number;
    }
  | {
      readonly kind: 'log';
      readonly after: number;
      readonly limit: number;
      readonly prefixes: readonly string[] | undefined;
      readonly types: readonly string[] | undefined;
    };

export type ReaderQuestion = readonly ReadRequest[];

export type ReadOutcome =
  | { readonly page: PackedStreamPage | PackedLogPage; readonly refusal?: undefined }
  | { readonly page?: undefined; readonly refusal: Refusal };

export type ReaderAnswer = readonly ReadOutcome[];
