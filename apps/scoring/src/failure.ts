import { VerbatimError } from '#platform';
import { JudgeError } from '#scoring';

/** Why an attempt failed, as its event tells it. */
export interface Failure {
  readonly reason: string;
  /** Null: after the usual wait. */
  readonly retryAt: number | null;
}

/**
 * Reasons are read by whoever may read the session, and stay as long as it does: they are words of ours alone. What an error
 * that nobody foresaw says (addresses, paths, texts of candidates) goes to the log, under the reference that the reason names.
 */
export const failureOf = (error: unknown, reference: string, now: number): Failure => {
  if (error instanceof JudgeError) {
    const { retryAfterMs, message } = error;
    return { reason: message, retryAt: retryAfterMs === null ? null : now + retryAfterMs };
  }
  if (error instanceof VerbatimError) return { reason: error.code, retryAt: null };
  return { reason: `internal_error: see the log under reference ${reference}`, retryAt: null };
};
