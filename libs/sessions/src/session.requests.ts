import type { Via } from './activity.events.js';
import type { HumanDecision, ScoreAdjustment, ScoreResult } from './scoring.events.js';
import type { SessionPlan } from './session.plan.js';

/** Every request says when it was received (ms since 1970): the moment deadlines are judged by. */
export interface SessionRequest {
  readonly now: number;
}

export interface InviteRequest extends SessionRequest {
  readonly sessionId: string;
  readonly assessmentId: string;
  readonly assessmentRevision: number;
  readonly candidateId: string;
  readonly attempt: number;
  readonly dueDate: number | null;
  readonly assessmentDueDate: number | null;
  readonly sendEmail: boolean;
  readonly plan: SessionPlan;
}

/** Opening and starting pin the plan as the assessment has it now. */
export interface OpenRequest extends SessionRequest {
  readonly plan: SessionPlan;
}

/** A deliverable whose content is durable before an event names it. */
export interface DeliverableRef {
  readonly artifactId: string;
  readonly sha256: string;
  readonly bytes: number;
}

/** One event of a batch, as it came in: nothing about it is believed yet. */
export type ActivityItem = unknown;

export interface RecordRequest extends SessionRequest {
  readonly via: Via;
  readonly items: readonly ActivityItem[];
  /** Where `items` begins in the caller's batch, when it was cut into several appends. */
  readonly firstIndex?: number;
}

export interface RejectedItem {
  readonly index: number;
  /** null when the item has none that can be read. */
  readonly id: string | null;
  readonly code:
    | 'invalid_event'
    | 'unknown_event_type'
    | 'forbidden_event_type'
    | 'session_closed'
    | 'session_event_limit'
    | 'event_too_large';
  readonly message: string;
}

export interface BatchAnswer {
  readonly accepted: readonly string[];
  readonly duplicates: readonly string[];
  readonly rejected: readonly RejectedItem[];
  /** Seq of the session's last event once this is appended. */
  readonly lastSeq: number;
}

export interface CheckpointRequest extends SessionRequest {
  readonly deliverable: DeliverableRef;
}

export interface AdvanceRequest extends SessionRequest {
  /** Asked again under the same id (its answer was lost), it leaves no other phase. */
  readonly commandId: string;
  /** The phase the caller means; without its own word, the phase that `phaseSeen` gave when the request was first handled. */
  readonly expectedPhaseIndex: number;
  readonly deliverable: DeliverableRef | null;
  /** Seconds, as the client reported them; null when it sent nothing. */
  readonly timeRemainingS: number | null;
}

export interface SubmitRequest extends SessionRequest {
  readonly deliverable: DeliverableRef | null;
}

/** W9: any of the three, applied in this order: reopen, due date, minutes. */
export interface AdjustRequest extends SessionRequest {
  readonly by: string;
  readonly reopen?: { readonly minutes: number; readonly reason: string };
  /** null: back to the assessment's. */
  readonly dueDate?: number | null;
  readonly addMinutes?: number;
}

export interface InheritDueDateRequest extends SessionRequest {
  readonly assessmentDueDate: number | null;
  readonly assessmentRevision: number;
  readonly by: string;
}

export interface CancelRequest extends SessionRequest {
  readonly by: string;
  readonly reason: string;
}

export interface DeleteRequest extends SessionRequest {
  readonly by: string;
  /** One word: it stands open in the log. */
  readonly reason: string;
}

export interface InviteDeliveryRequest extends SessionRequest {
  readonly delivered: boolean;
  readonly channel: 'smtp' | 'outbox';
  readonly messageId: string;
  readonly reason: string | null;
}

export interface ScoringRequestRequest extends SessionRequest {
  readonly requestId: string;
  readonly trigger: 'submission' | 'caller';
  readonly model: string | null;
  readonly by: string;
}

export interface ClaimScoringRequest extends SessionRequest {
  readonly runId: string;
  readonly leaseUntil: number;
}

export interface RecordScoreRequest extends SessionRequest {
  readonly runId: string;
  readonly finalScore: number | null;
  readonly result: ScoreResult;
  /** What the scorer noticed for a human to look at: each becomes a `security_flag`. */
  readonly flags?: readonly ScoringFlag[];
}

export interface ScoringFlag {
  readonly code: string;
  readonly severity: 'low' | 'medium' | 'high';
  readonly source: 'server' | 'model';
  readonly evidence: { readonly eventIds: readonly string[] };
}

export interface BringScoreRequest extends RecordScoreRequest {
  /** Of the request to make when none is open. */
  readonly requestId: string;
  readonly by: string;
}

export interface FailScoringRequest extends SessionRequest {
  readonly runId: string;
  readonly reason: string;
  /** What the judge asked for; null: after the usual wait. */
  readonly retryAt: number | null;
}

export interface ParkScoringRequest extends SessionRequest {
  readonly runId: string;
  readonly reason: string;
}

export interface ReviewRequest extends SessionRequest {
  readonly by: string;
  readonly adjustments: readonly ScoreAdjustment[];
  readonly note: string | null;
  /** Of the key that reviews; sealed with the review. */
  readonly byName?: string;
  /** The score that the reviewer saw. */
  readonly expectedRunId?: string | null;
  readonly decision: HumanDecision | null;
}

export interface DecisionRequest extends SessionRequest {
  readonly by: string;
  readonly decision: HumanDecision;
}
