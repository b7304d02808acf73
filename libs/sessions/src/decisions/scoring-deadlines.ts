import { isoTime } from '#platform';
import { isoOrNull } from '../moment.js';
import type { ScoringClaim, SessionState } from '../session.state.js';
import { SCORING_ATTEMPTS, SCORING_BACKOFF_MS } from './limits.js';
import type { Unfolding } from './unfolding.js';

/** What the clock does with a session that waits for its score; a run that was lost must not keep it for ever. */
export type ScoringDeadline = { readonly scope: 'lease' | 'retry'; readonly at: number };

export const scoringDeadline = ({ scoring }: SessionState): ScoringDeadline | null => {
  if (scoring.claim !== null) return { scope: 'lease', at: scoring.claim.leaseUntil };
  const retryAt = scoring.request?.retryAt ?? null;
  return retryAt === null ? null : { scope: 'retry', at: retryAt };
};

/** Nothing was heard of the run that holds the claim: that counts as a failed attempt, and the next may begin at once. */
export const appendLeaseExpired = (work: Unfolding, at: number): void => {
  const { claim } = work.state.scoring;
  if (claim) appendFailure(work, claim, { at, reason: 'lease_expired', retryAt: at });
};

/** Scorers are told of a retry by an event of its own: they look at nothing but the log. */
export const appendRetryDue = (work: Unfolding, at: number): void => {
  const { request } = work.state.scoring;
  if (!request) return;
  const { requestId, attempts } = request;
  work.append({ type: 'scoring_retry_due', data: { requestId, attempt: attempts + 1, dueAt: isoTime(at) } });
};

export interface Failure {
  readonly at: number;
  readonly reason: string;
  /** null: after the wait that the number of attempts asks for. */
  readonly retryAt: number | null;
}

/** A failed attempt always leads on: to its retry, or, when it was the last, to parking in the same append. */
export const appendFailure = (work: Unfolding, claim: ScoringClaim, { at, reason, retryAt }: Failure): void => {
  const { runId, attempt } = claim;
  const isLast = attempt >= SCORING_ATTEMPTS;
  const requestId = work.state.scoring.request?.requestId ?? '';
  work.append({
    type: 'scoring_failed',
    data: {
      runId,
      requestId,
      attempt,
      failedAt: isoTime(at),
      retryAt: isoOrNull(isLast ? null : (retryAt ?? at + backoff(attempt))),
      backTo: backTo(work.state),
      reason,
    },
  });
  if (isLast) appendParked(work, at, runId, `The last of ${SCORING_ATTEMPTS} attempts failed: ${reason}`);
};

export const appendParked = (work: Unfolding, at: number, runId: string, reason: string): void => {
  const { request } = work.state.scoring;
  if (!request) return;
  work.append({
    type: 'scoring_parked',
    data: {
      runId,
      requestId: request.requestId,
      attempt: request.attempts,
      parkedAt: isoTime(at),
      backTo: backTo(work.state),
      reason,
    },
  });
};

const backoff = (attempt: number): number =>
  SCORING_BACKOFF_MS[Math.min(attempt, SCORING_BACKOFF_MS.length) - 1] ?? SCORING_BACKOFF_MS[0];

/** An earlier score stands: a failed second look takes nothing away. */
const backTo = ({ scoring }: SessionState): 'submitted' | 'scored' =>
  scoring.currentRunId === null ? 'submitted' : 'scored';
