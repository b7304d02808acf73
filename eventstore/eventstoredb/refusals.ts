import { status } from '@grpc/grpc-js';
import { EventStoreError } from '../port/index.js';

/** What grpc-js gives for a failed call, as far as it is looked at. */
interface Failed {
  readonly code: status;
  readonly details: string;
  readonly exception: string | undefined;
  readonly actual: string | undefined;
}

export function failed(error: unknown): Failed {
  const { code, details, metadata, message } = (error ?? {}) as {
    code?: unknown;
    details?: unknown;
    message?: unknown;
    metadata?: { get?(key: string): unknown[] };
  };
  const trailer = (key: string): string | undefined => metadata?.get?.(key)[0]?.toString();
  return {
    code: typeof code === 'number' ? code : status.UNKNOWN,
    details: String(details ?? message ?? error),
    exception: trailer('exception'),
    actual: trailer('actual-version'),
  };
}

/** The client's errors hold a message that may be empty, and bigints that no logger can write: nothing of them is kept. */
const because = (error: unknown): { cause: Error } => {
  const { code, details } = failed(error);
  return { cause: new Error(`${status[code] ?? code}: ${details}`) };
};

export const streamDeleted = (stream: string): EventStoreError =>
  new EventStoreError('stream_deleted', `Stream "${stream}" is deleted.`, { stream });

export const wrongRevision = (stream: string, expected: string, actual: string): EventStoreError =>
  new EventStoreError(
    'wrong_expected_revision',
    `Stream "${stream}" was expected at ${expected} and is at ${actual}.`,
    { stream, expected, actual },
  );

export const unavailable = (doing: string, why: string, error?: unknown): EventStoreError =>
  new EventStoreError(
    'unavailable',
    `The event store did not serve ${doing}: ${why}.`,
    { doing },
    error === undefined ? undefined : because(error),
  );

export const unknownOutcome = (stream: string, why: string): EventStoreError =>
  new EventStoreError(
    'unknown_outcome',
    `An append to "${stream}" may or may not have been written (${why}): read from the expected revision and compare ids.`,
    { stream },
  );

export const connectionRefusal = (doing: string, error: unknown): EventStoreError =>
  error instanceof EventStoreError ? error : unavailable(doing, failed(error).details, error);

export const isDeniedAccess = (error: unknown): boolean => {
  const { code, exception } = failed(error);
  return exception === 'access-denied' || code === status.UNAUTHENTICATED || code === status.PERMISSION_DENIED;
};

/** An error of a call that reads. Nothing was written, so everything the caller cannot mend is `unavailable`. */
export function readRefusal(doing: string, error: unknown, stream?: string): EventStoreError {
  if (error instanceof EventStoreError) return error;
  const { code, details, exception } = failed(error);
  if (exception === 'stream-deleted' && stream !== undefined) return streamDeleted(stream);
  if (isDeniedAccess(error))
    return unavailable(doing, `${details}: the user in its URL has no right to, or a wrong password`, error);
  if (code === status.UNKNOWN && details.includes('ReadAllResult'))
    return new EventStoreError('invalid_argument', `This position is no event's place in this log (${details}).`, {
      doing,
    });
  return unavailable(doing, details, error);
}
