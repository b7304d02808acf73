import { isoTime } from '#platform';
import { isoOrNull } from '../moment.js';
import { refusedTransition, type SessionStatus } from '../session.lifecycle.js';
import type { SessionDecision } from '../session.outcome.js';
import type {
  ClaimScoringRequest,
  FailScoringRequest,
  ParkScoringRequest,
  RecordScoreRequest,
  ScoringRequestRequest,
} from '../session.requests.js';
import type { ScoringClaim, ScoringRequest, SessionState } from '../session.state.js';
import { afterDeadlines } from './frame.js';

/** Asks for a score. While one is asked for or made, the caller joins that. */
export const requestScoring = (
  state: SessionState,
  request: ScoringRequestRequest,
): SessionDecision<{ readonly requestId: string }> =>
  afterDeadlines(state, request.now, (work) => {
    const { status, scoring } = work.state;
    if (status !== 'submitted' && status !== 'scoring' && status !== 'scored')
      throw refusedTransition(status!, 'scoring', `A session that is ${status} cannot be scored.`);
    if (scoring.request) return { requestId: scoring.request.requestId };
    const { now, requestId, trigger, model, by } = request;
    work.append({
      type: 'scoring_requested',
      data: { requestId, trigger, model, requestedAt: isoTime(now), by },
    });
    return { requestId };
  });

/**
 * One run claims what is asked for until its lease ends; the same run claims again to renew it. Another run takes over only
 * when the lease has ended: from then on the first one's results are refused.
 */
export const startScoring = (
  state: SessionState,
  request: ClaimScoringRequest,
): SessionDecision<{ readonly attempt: number }> =>
  afterDeadlines(state, request.now, (work) => {
    const { status, scoring } = work.state;
    const { now, runId, leaseUntil } = request;
    const { request: asked, claim } = scoring;
    if (asked === null) throw refused(status, 'scoring', 'No score is asked for.');
    if (claim && claim.runId !== runId && claim.leaseUntil >= now)
      throw refused(status, 'scoring', `Run ${claim.runId} holds this session until ${isoTime(claim.leaseUntil)}.`, {
        runId: claim.runId,
        leaseUntil: isoTime(claim.leaseUntil),
      });
    const renewed = claim?.runId === runId;
    const attempt = renewed ? claim.attempt : asked.attempts + 1;
    if (renewed && leaseUntil <= claim.leaseUntil) return { attempt };
    if (!renewed && wasRun(work.state, runId)) throw refused(status, 'scoring', `Run ${runId} has ended.`, { runId });
    work.append({
      type: 'scoring_started',
      data: {
        runId,
        requestId: asked.requestId,
        attempt,
        startedAt: isoTime(now),
        leaseUntil: isoTime(leaseUntil),
      },
    });
    return { attempt };
  });

/** The score of the run that holds the claim; the same run again changes nothing. */
export const recordScore = (state: SessionState, request: RecordScoreRequest): SessionDecision<void> =>
  afterDeadlines(state, request.now, (work) => {
    const { now, runId, finalScore, result } = request;
    if (work.state.scoring.currentRunId === runId && work.state.scoring.claim === null) return;
    const { claim, asked } = claimOf(work.state, runId, 'scored');
    work.append({
      type: 'score_recorded',
      data: { runId, requestId: asked.requestId, attempt: claim.attempt, scoredAt: isoTime(now), finalScore, result },
    });
  });

/** The run failed: the request stays open for another attempt. */
export const failScoring = (state: SessionState, request: FailScoringRequest): SessionDecision<void> =>
  afterDeadlines(state, request.now, (work) => {
    const { now, runId, reason, retryAt } = request;
    const { claim, asked } = claimOf(work.state, runId, 'submitted');
    work.append({
      type: 'scoring_failed',
      data: {
        runId,
        requestId: asked.requestId,
        attempt: claim.attempt,
        failedAt: isoTime(now),
        retryAt: isoOrNull(retryAt),
        backTo: backTo(work.state),
        reason,
      },
    });
  });

/** No further attempts until somebody asks again: said by the run that holds the claim, or that failed last. */
export const parkScoring = (state: SessionState, request: ParkScoringRequest): SessionDecision<void> =>
  afterDeadlines(state, request.now, (work) => {
    const { now, runId, reason } = request;
    const { status, scoring } = work.state;
    if (scoring.parked && scoring.lastRunId === runId) return;
    // A request without attempts is a new one: no run has a say in it yet.
    if (scoring.request === null || scoring.request.attempts === 0 || scoring.lastRunId !== runId)
      throw refused(status, 'submitted', `Run ${runId} does not hold this session.`, { runId: scoring.lastRunId });
    work.append({
      type: 'scoring_parked',
      data: {
        runId,
        requestId: scoring.request.requestId,
        attempt: scoring.request.attempts,
        parkedAt: isoTime(now),
        backTo: backTo(work.state),
        reason,
      },
    });
  });

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

const wasRun = ({ scoring }: SessionState, runId: string): boolean =>
  scoring.lastRunId === runId || scoring.runs.some((run) => run.runId === runId);

const backTo = ({ scoring }: SessionState): 'submitted' | 'scored' =>
  scoring.currentRunId === null ? 'submitted' : 'scored';

const refused = (
  status: SessionStatus | null,
  to: SessionStatus,
  why: string,
  more: Readonly<Record<string, unknown>> = {},
) => refusedTransition(status!, to, why, more);
