import { defineEvent, type EventOf } from '#event-sourcing';

export interface ScoringRequested {
  readonly requestId: string;
  /** `submission`: the assessment scores by itself. `scorer`: a service elsewhere brings its score along. */
  readonly trigger: 'submission' | 'caller' | 'scorer';
  readonly model: string | null;
  readonly requestedAt: string;
  readonly by: string;
}

export interface ScoringStarted {
  readonly runId: string;
  readonly requestId: string;
  /** Which try at the same request this is, from 1. */
  readonly attempt: number;
  readonly startedAt: string;
  /** Until here nobody else may claim the session. */
  readonly leaseUntil: string;
}

/** The scorer's own words; their form belongs to the scoring room. */
export type ScoreResult = Readonly<Record<string, unknown>>;

export interface ScoreRecorded {
  readonly runId: string;
  readonly requestId: string;
  readonly attempt: number;
  readonly scoredAt: string;
  readonly finalScore: number | null;
  readonly result: ScoreResult;
}

export interface ScoringFailed {
  readonly runId: string;
  readonly requestId: string;
  readonly attempt: number;
  readonly failedAt: string;
  readonly retryAt: string | null;
  /** `scored` when an earlier score stands: a failed second look takes nothing away. */
  readonly backTo: 'submitted' | 'scored';
  readonly reason: string;
}

export interface ScoringRetryDue {
  readonly requestId: string;
  /** Of the try that is due now. */
  readonly attempt: number;
  readonly dueAt: string;
}

export interface ScoringParked {
  readonly runId: string;
  readonly requestId: string;
  readonly attempt: number;
  readonly parkedAt: string;
  readonly backTo: 'submitted' | 'scored';
  readonly reason: string;
}

export const HUMAN_DECISIONS = ['hired', 'rejected', 'advance', 'hold'] as const;
export type HumanDecision = (typeof HUMAN_DECISIONS)[number];

export interface ScoreAdjustment {
  readonly categoryId: string;
  readonly score: number;
  readonly reason: string;
}

export interface ReviewRecorded {
  /** The score that was reviewed. */
  readonly runId: string;
  readonly reviewedAt: string;
  readonly by: string;
  readonly adjustments: readonly ScoreAdjustment[];
  readonly note: string | null;
  /** As the reviewer's key was called then. */
  readonly byName?: string;
}

export interface DecisionRecorded {
  readonly decision: HumanDecision;
  readonly decidedAt: string;
  readonly by: string;
}

export interface FeedbackDelivered {
  readonly delivered: boolean;
  readonly channel: 'smtp' | 'outbox';
  readonly messageId: string;
  readonly at: string;
  readonly reason: string | null;
}

export const scoringEvents = [
  defineEvent<ScoringRequested>()({
    type: 'scoring_requested',
    version: 1,
    layer: 'lifecycle',
    meaning: 'A score is wanted.',
    structure: { requestId: 'id', trigger: 'word', model: 'id', requestedAt: 'time', by: 'id' },
  }),
  defineEvent<ScoringStarted>()({
    type: 'scoring_started',
    version: 1,
    layer: 'lifecycle',
    meaning: 'One run claimed the session until its lease ends; results of any other run are refused.',
    structure: { runId: 'id', requestId: 'id', attempt: 'number', startedAt: 'time', leaseUntil: 'time' },
  }),
  defineEvent<ScoreRecorded>()({
    type: 'score_recorded',
    version: 1,
    layer: 'lifecycle',
    meaning: 'The run that holds the claim scored the session.',
    // Never the score: structure is what scorers elsewhere read, and a second opinion that has seen the first is none.
    structure: { runId: 'id', requestId: 'id', attempt: 'number', scoredAt: 'time' },
  }),
  defineEvent<ScoringFailed>()({
    type: 'scoring_failed',
    version: 1,
    layer: 'lifecycle',
    meaning: 'The run failed; the request stays open and the attempt counts.',
    structure: {
      runId: 'id',
      requestId: 'id',
      attempt: 'number',
      failedAt: 'time',
      retryAt: 'time',
      backTo: 'word',
    },
  }),
  defineEvent<ScoringRetryDue>()({
    type: 'scoring_retry_due',
    version: 1,
    layer: 'lifecycle',
    meaning: 'The wait after a failed attempt is over; stamped with its end, not with the tick that noticed.',
    structure: { requestId: 'id', attempt: 'number', dueAt: 'time' },
  }),
  defineEvent<ScoringParked>()({
    type: 'scoring_parked',
    version: 1,
    layer: 'lifecycle',
    meaning: 'No further attempt is made until somebody asks again.',
    structure: { runId: 'id', requestId: 'id', attempt: 'number', parkedAt: 'time', backTo: 'word' },
  }),
  defineEvent<ReviewRecorded>()({
    type: 'review_recorded',
    version: 1,
    layer: 'lifecycle',
    meaning: 'A human looked at the score, with adjustments and their reasons.',
    structure: { runId: 'id', reviewedAt: 'time', by: 'id' },
  }),
  defineEvent<DecisionRecorded>()({
    type: 'decision_recorded',
    version: 1,
    layer: 'lifecycle',
    meaning: 'A human decided about the candidate.',
    structure: { decidedAt: 'time', by: 'id' },
  }),
  defineEvent<FeedbackDelivered>()({
    type: 'feedback_delivered',
    version: 1,
    layer: 'lifecycle',
    meaning:
      "The mail with the candidate's feedback was taken over by the mail server or the outbox, or it could not be.",
    structure: { delivered: 'boolean', channel: 'word', messageId: 'id', at: 'time' },
  }),
] as const;

/**
 * What scorers work on: each of these says that a session waits for a run to claim it. Whatever happens to a run after its
 * claim ends in a score, in parking or in another of these, so an event may be acknowledged at the claim.
 */
export const SCORING_WORK_TYPES = ['scoring_requested', 'scoring_retry_due'] as const;

export type ScoringEvent = EventOf<typeof scoringEvents>;
