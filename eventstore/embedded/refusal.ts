import { EventStoreError, type EventStoreErrorCode } from '../port/index.js';

/** An EventStoreError as it crosses a thread: a structured clone would lose the class and its fields. */
export interface Refusal {
  readonly code: EventStoreErrorCode;
  readonly message: string;
  readonly details: Readonly<Record<string, string | number | null>>;
}

export const refusal = (code: EventStoreErrorCode, message: string, details: Refusal['details'] = {}): Refusal => ({
  code,
  message,
  details,
});

export const thrown = (refused: Refusal, cause?: unknown): EventStoreError =>
  new EventStoreError(refused.code, refused.message, refused.details, cause === undefined ? undefined : { cause });

const CORRUPT = 11;
export const FULL = 13;
const NOT_A_DATABASE = 26;

/** SQLite's primary result code; undefined for errors of another kind. */
export function sqliteCode(error: unknown): number | undefined {
  const code = (error as { errcode?: unknown } | null)?.errcode;
  return typeof code === 'number' ? code & 0xff : undefined;
}

/** What an error inside a statement means to the caller: nothing was written, or the file is damaged. */
export function storageRefusal(error: unknown, doing: string): Refusal {
  if (error instanceof EventStoreError) return refusal(error.code, error.message, error.details);
  const code = sqliteCode(error);
  const reason = error instanceof Error ? error.message : String(error);
  const details = { sqlite: code ?? null, reason };
  if (code === CORRUPT || code === NOT_A_DATABASE)
    return refusal('corrupt', `The event log is damaged, found while ${doing}: ${reason}.`, details);
  if (code === FULL) return refusal('unavailable', `No room for the event log while ${doing}: ${reason}.`, details);
  return refusal('unavailable', `The event log cannot be used, found while ${doing}: ${reason}.`, details);
}

/**
 * What an error of COMMIT means. Out of room: the commit frame was not written. Anything else (an fsync that failed)
 * can leave a whole frame in the WAL, which a crash before the next commit would bring back: nobody can say.
 */
export function commitRefusal(error: unknown): Refusal {
  const code = sqliteCode(error);
  if (code === FULL || code === CORRUPT || code === NOT_A_DATABASE) return storageRefusal(error, 'committing');
  const reason = error instanceof Error ? error.message : String(error);
  return refusal('unknown_outcome', `The commit failed and may or may not have reached the disk: ${reason}.`, {
    sqlite: code ?? null,
    reason,
  });
}
