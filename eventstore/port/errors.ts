export type EventStoreErrorCode =
  | 'wrong_expected_revision'
  | 'stream_deleted'
  | 'append_too_large'
  | 'invalid_argument'
  /** Full disk, closed store, no connection: nothing was written. */
  | 'unavailable'
  /** The append may or may not have been written: read from the expected revision and compare ids. */
  | 'unknown_outcome'
  /** Another process holds the data directory. */
  | 'locked'
  /** The file is damaged: it is reported and left as it is. */
  | 'corrupt';

/** Checked by `code`. `details` is JSON-safe (revisions as text). */
export class EventStoreError extends Error {
  constructor(
    readonly code: EventStoreErrorCode,
    message: string,
    readonly details: Readonly<Record<string, string | number | null>> = {},
    options?: { cause?: unknown },
  ) {
    super(message, options);
    this.name = 'EventStoreError';
  }
}

export const isEventStoreError = (error: unknown, ...codes: EventStoreErrorCode[]): error is EventStoreError =>
  error instanceof EventStoreError && (codes.length === 0 || codes.includes(error.code));
