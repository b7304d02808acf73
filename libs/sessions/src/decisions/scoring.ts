import { isoTime } from '#platform';
import { refusedTransition, type SessionStatus } from '../session.lifecycle.js';
import type { SessionDecision } from '../session.outcome.js';
import type {
  BringScoreRequest,
  ClaimScoringRequest,
  FailScoringRequest,
  ParkScoringRequest,
  RecordScoreRequest,
  ScoringRequestRequest,
} from '../session.requests.js';
import type { ScoringClaim, ScoringRequest, SessionState } from '../session.state.js';
import { afterDeadlines } from './frame.js';
import { appendFailure, appendParked, appendRetryDue } from './scoring-deadlines.js';
import { appendScore } from './scoring-result.js';
import type { Unfolding } from './unfolding.js';

/**
 * Asks for a score. While one is asked for or made, the caller joins that; a failed attempt that waits for its retry waits
 * no longer.
 */
export const requestScoring = (
  state: SessionState,
  request: ScoringRequestRequest,
): SessionDecision<{ readonly requestId: string }> =>
  afterDeadlines(state, request.now, (work) => {
    requireScorable(work.state);
    const open = work.state.scoring.request;
    if (open) {
      if (open.retryAt !== null) appendRetryDue(work, request.now);
      return { requestId: open.requestId };
    }
    const { now, requestId, trigger, model, by } = request;
    work.append({
      type: 'scoring_requested',
      data: { requestId, trigger, model, requestedAt: isoTime(now), by },
    });
    return { requestId };
  });

/** What a run got that claimed a session. */
export interface Claimed {
  readonly attempt: number;
  readonly requestId: string;
  /** The model that was asked for; null: whichever the scorer uses. */
  readonly model: string | null;
  readonly leaseUntil: number;
}

/**
 * One run claims what is asked for until its lease ends; the same run claims again to renew it. When the lease ends unheard
 * of, the run has failed (`appendLeaseExpired`): from then on its results are refused, and another may claim.
 */
export const startScoring = (state: SessionState, request: ClaimScoringRequest): SessionDecision<Claimed> =>
  afterDeadlines(state, request.now, (work) => {
    const { status, scoring } = work.state;
    const { now, runId, leaseUntil } = request;
    const { request: asked, claim } = scoring;
    if (asked === null) throw refused(status, 'scoring', 'No score is asked for.');
    refuseHeld(work.state, runId);
    const { requestId, model, retryAt } = asked;
    if (retryAt !== null && now < retryAt)
      throw refused(status, 'scoring', `The next attempt is due at ${isoTime(retryAt)}.`, {
        retryAt: isoTime(retryAt),
      });
    const attempt = claim ? claim.attempt : asked.attempts + 1;
    if (claim && leaseUntil <= claim.leaseUntil) return { attempt, requestId, model, leaseUntil: claim.leaseUntil };
    if (!claim) refuseEnded(work.state, runId);
    appendStarted(work, { runId, requestId, attempt, leaseUntil });
    return { attempt, requestId, model, leaseUntil };
  });

/** The score of the run that holds the claim; the same run again changes nothing. */
export const recordScore = (state: SessionState, request: RecordScoreRequest): SessionDecision<void> =>
  afterDeadlines(state, request.now, (work) => {
    const { runId } = request;
    if (isRecorded(work.state, runId)) return;
    const { claim, asked } = claimOf(work.state, runId, 'scored');
    appendScore(work, { ...request, requestId: asked.requestId, attempt: claim.attempt });
  });

/**
 * A service elsewhere brings its score along: it answers what is asked for, or else asks itself; request, claim and score are
 * one append. While a run of ours holds the session it is refused, as any other run would be.
 */
export const bringScore = (state: SessionState, request: BringScoreRequest): SessionDecision<void> =>
  afterDeadlines(state, request.now, (work) => {
    const { now, runId, requestId, by } = request;
    if (isRecorded(work.state, runId)) return;
    requireScorable(work.state);
    refuseHeld(work.state, runId);
    refuseEnded(work.state, runId);
    if (work.state.scoring.request === null)
      work.append({
        type: 'scoring_requested',
        data: { requestId, trigger: 'scorer', model: null, requestedAt: isoTime(now), by },
      });
    const asked = work.state.scoring.request!;
    const answered = { requestId: asked.requestId, attempt: asked.attempts + 1 };
    appendStarted(work, { runId, ...answered, leaseUntil: now });
    appendScore(work, { ...request, ...answered });
  });

/** The run failed: another attempt follows at `retryAt`, or after the usual wait; the last one is parked. */
export const failScoring = (state: SessionState, request: FailScoringRequest): SessionDecision<void> =>
  afterDeadlines(state, request.now, (work) => {
    const { now, runId, reason, retryAt } = request;
    const { claim } = claimOf(work.state, runId, 'submitted');
    appendFailure(work, claim, { at: now, reason, retryAt });
  });

/** No further attempts until somebody asks again: said by the run that holds the claim, or that failed last. */
export const parkScoring = (state: SessionState, request: ParkScoringRequest): SessionDecision<void> =>
  afterDeadlines(state, request.now, (work) => {
    const { now, runId, reason } = request;
    const { status, scoring } = work.state;
    if (scoring.parked?.runId === runId) return;
    // A request without attempts is a new one: no run has a say in it yet.
    if (scoring.request === null || scoring.request.attempts === 0 || scoring.lastRunId !== runId)
      throw refused(status, 'submitted', `Run ${runId} does not hold this session.`, { runId: scoring.lastRunId });
    appendParked(work, now, runId, reason);
  });

const appendStarted = (
  work: Unfolding,
  { leaseUntil, ...run }: { runId: string; requestId: string; attempt: number; leaseUntil: number },
): void =>
  work.append({
    type: 'scoring_started',
    data: { ...run, startedAt: isoTime(work.now), leaseUntil: isoTime(leaseUntil) },
  });

const requireScorable = ({ status }: SessionState): void => {
  if (status !== 'submitted' && status !== 'scoring' && status !== 'scored')
    throw refused(status, 'scoring', `A session that is ${status} cannot be scored.`);
};

const refuseHeld = ({ status, scoring: { claim } }: SessionState, runId: string): void => {
  if (claim === null || claim.runId === runId) return;
  const leaseUntil = isoTime(claim.leaseUntil);
  const held = { runId: claim.runId, leaseUntil };
  throw refused(status, 'scoring', `Run ${claim.runId} holds this session until ${leaseUntil}.`, held);
};

const refuseEnded = ({ status, scoring }: SessionState, runId: string): void => {
  if (scoring.lastRunId === runId || scoring.runs.some((run) => run.runId === runId))
    throw refused(status, 'scoring', `Run ${runId} has ended.`, { runId });
};

const isRecorded = ({ scoring }: SessionState, runId: string): boolean =>
  scoring.claim === null && scoring.currentRunId === runId;

const claimOf = (
  { status, scoring }: SessionState,
  runId: string,
  to: SessionStatus,
): { readonly claim: ScoringClaim; readonly asked: ScoringRequest } => {
  const { claim, request } = scoring;
  if (claim?.runId !== runId || request === null)
    throw refused(status, to, `Run ${runId} does not hold this session.`, { runId: claim?.runId ?? null });
  return { claim, asked: request };
};

const refused = (
  status: SessionStatus | null,
  to: SessionStatus,
  why: string,
  more: Readonly<Record<string, unknown>> = {},
) => refusedTransition(status!, to, why, more);
