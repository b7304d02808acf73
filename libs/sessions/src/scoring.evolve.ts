import type { Evolvable } from '#event-sourcing';
import { moment } from './moment.js';
import { scoringEvents } from './scoring.events.js';
import type { ScoringEvent, SessionEvent } from './session.events.js';
import type { SessionState } from './session.state.js';

const TYPES: ReadonlySet<string> = new Set(scoringEvents.map((definition) => definition.type));

export const isScoringEvent = (event: Evolvable<SessionEvent>): event is Evolvable<SessionEvent> & ScoringEvent =>
  TYPES.has(event.type);

/** Two flags with the same key say the same. Of an erased one nothing but its code is left. */
export const flagKey = (flag: object | undefined): string => {
  const { code, evidence } = (flag ?? {}) as { code?: unknown; evidence?: { eventIds?: unknown } };
  return JSON.stringify([code, evidence?.eventIds]);
};

export const evolveScoring = (
  state: SessionState,
  event: Evolvable<SessionEvent> & ScoringEvent,
): Partial<SessionState> => {
  const { scoring } = state;
  switch (event.type) {
    case 'scoring_requested': {
      const { requestId, model } = event.data;
      return {
        scoring: {
          ...scoring,
          request: { requestId, model: model ?? null, attempts: 0, retryAt: null },
          parked: null,
        },
      };
    }
    case 'scoring_started': {
      const { runId, attempt, leaseUntil } = event.data;
      return {
        status: 'scoring',
        scoring: {
          ...scoring,
          request: scoring.request && { ...scoring.request, attempts: attempt, retryAt: null },
          claim: { runId, attempt, leaseUntil: moment(leaseUntil) ?? 0 },
          lastRunId: runId,
        },
      };
    }
    case 'score_recorded': {
      const { runId, attempt, scoredAt, finalScore, result } = event.data;
      const run = {
        runId,
        attempt,
        scoredAt: moment(scoredAt) ?? 0,
        finalScore: finalScore ?? null,
        result: result ?? {},
        setAside: false,
      };
      return {
        status: 'scored',
        scoring: { ...scoring, request: null, claim: null, runs: [...scoring.runs, run], currentRunId: runId },
      };
    }
    case 'scoring_failed':
      return {
        status: event.data.backTo,
        scoring: {
          ...scoring,
          claim: null,
          request: scoring.request && { ...scoring.request, retryAt: moment(event.data.retryAt) },
        },
      };
    case 'scoring_retry_due':
      return { scoring: { ...scoring, request: scoring.request && { ...scoring.request, retryAt: null } } };
    case 'scoring_parked': {
      const { runId, attempt, parkedAt, reason, backTo } = event.data;
      const parked = { runId, at: moment(parkedAt) ?? 0, attempts: attempt, reason: reason ?? '' };
      return { status: backTo, scoring: { ...scoring, claim: null, request: null, parked } };
    }
    case 'review_recorded': {
      const { runId, reviewedAt, by, byName, adjustments, note } = event.data;
      const review = {
        runId,
        by,
        ...(byName === undefined ? {} : { byName }),
        reviewedAt: moment(reviewedAt) ?? 0,
        adjustments: adjustments ?? [],
        note: note ?? null,
        revision: event.revision,
      };
      // A review ends the scoring: what was asked for and not begun is no longer wanted.
      return { status: 'reviewed', reviews: [...state.reviews, review], scoring: { ...scoring, request: null } };
    }
    case 'decision_recorded':
      return { decision: event.data.decision ?? null };
    case 'feedback_delivered': {
      const { messageId, delivered, at } = event.data;
      return { feedbackDelivery: { messageId, delivered, at: moment(at) ?? 0 } };
    }
    default:
      event satisfies never;
      return {};
  }
};
