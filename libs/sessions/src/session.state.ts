import type { SubmitTrigger } from './activity.events.js';
import { ActivityLedger } from './activity.ledger.js';
import { type ConfigState, emptyConfig } from './config.fold.js';
import type { HumanDecision, ReviewRecorded, ScoreResult } from './scoring.events.js';
import type { SessionStatus } from './session.lifecycle.js';
import type { ConfigSnapshot, SessionPlan, SubmittedDeliverable } from './session.plan.js';

/** A saved deliverable: its content is an artifact under the session. */
export interface SavedDeliverable {
  readonly phaseIndex: number;
  readonly artifactId: string;
  readonly sha256: string;
  readonly bytes: number;
  readonly revision: number;
}

export interface InviteDelivery {
  readonly messageId: string;
  readonly delivered: boolean;
  readonly at: number;
}

export interface ScoringRequest {
  readonly requestId: string;
  readonly model: string | null;
  /** Runs begun for it. */
  readonly attempts: number;
  readonly retryAt: number | null;
}

export interface ScoringClaim {
  readonly runId: string;
  readonly attempt: number;
  readonly leaseUntil: number;
}

export interface ScoringRun {
  readonly runId: string;
  readonly attempt: number;
  readonly scoredAt: number;
  readonly finalScore: number | null;
  readonly result: ScoreResult;
  /** The session was reopened after it. */
  readonly setAside: boolean;
}

export interface ParkedScoring {
  readonly runId: string;
  readonly at: number;
  readonly attempts: number;
  readonly reason: string;
}

export interface ScoringState {
  /** What is asked for and not yet answered; null when nothing is, or it was parked. */
  readonly request: ScoringRequest | null;
  readonly claim: ScoringClaim | null;
  readonly lastRunId: string | null;
  /** Every score made, oldest first. */
  readonly runs: readonly ScoringRun[];
  /** Run of the current score. */
  readonly currentRunId: string | null;
  /** What was given up last; null once somebody asked again. */
  readonly parked: ParkedScoring | null;
  /** What scorers noticed so far, by `flagKey`. */
  readonly flagged: readonly string[];
}

export interface HumanReview extends Omit<ReviewRecorded, 'reviewedAt'> {
  readonly reviewedAt: number;
  readonly revision: number;
}

/** One session, folded from its stream. Times are milliseconds since 1970. */
export interface SessionState {
  /** Seq of the last event; -1 while there is none. */
  readonly revision: number;
  /** null: not invited yet, or deleted. */
  readonly status: SessionStatus | null;
  readonly deleted: boolean;
  readonly sessionId: string;
  readonly assessmentId: string;
  readonly candidateId: string;
  readonly attempt: number;
  readonly sendEmail: boolean;
  readonly createdAt: number | null;
  readonly inviteDelivery: InviteDelivery | null;

  readonly plan: SessionPlan;
  /** The session's own due date; null inherits. */
  readonly dueDate: number | null;
  readonly assessmentDueDate: number | null;
  /** Revision of the assessment that `assessmentDueDate` was read at. */
  readonly dueDateRevision: number;
  /** When the due date ends the session: `effectiveDueDate`, never earlier than the change that set it. */
  readonly closesAt: number | null;

  readonly setupStartedAt: number | null;
  readonly setupDeadlineAt: number | null;
  readonly taskStartedAt: number | null;
  readonly phaseIndex: number;
  readonly phaseStartedAt: number | null;
  readonly phaseDeadlineAt: number | null;
  /** The deadline or the submission, whichever came first; or the cancellation. null while open. */
  readonly closedAt: number | null;
  readonly closedReason: 'submitted' | 'cancelled' | null;
  readonly submittedAt: number | null;
  readonly submittedBy: SubmitTrigger | null;

  /** Last checkpoint of the current phase. */
  readonly checkpoint: SavedDeliverable | null;
  /** What the phases before it left behind, immutable. */
  readonly deliverables: readonly SavedDeliverable[];
  /** The command by which the candidate left each phase; null where the clock did. */
  readonly phasesLeftBy: readonly (string | null)[];
  readonly checkpointCount: number;
  /** Of all of them together, the same content twice counted twice. */
  readonly checkpointBytes: number;
  /** What a submit brought that lost against the clock: no part of the submission, taken up when the session is reopened. */
  readonly lateCheckpoint: SavedDeliverable | null;

  readonly activities: ActivityLedger;
  /** Of the last activity that was not late, by the server's clock. */
  readonly lastActivityAt: number | null;
  readonly config: ConfigState;
  /** Taken at the submission that stands; null while none does. */
  readonly snapshot: ConfigSnapshot | null;

  readonly scoring: ScoringState;
  readonly reviews: readonly HumanReview[];
  readonly decision: HumanDecision | null;
  readonly feedbackDelivery: InviteDelivery | null;
}

export const initialScoring: ScoringState = {
  request: null,
  claim: null,
  lastRunId: null,
  runs: [],
  currentRunId: null,
  parked: null,
  flagged: [],
};

export const initialState: SessionState = {
  revision: -1,
  status: null,
  deleted: false,
  sessionId: '',
  assessmentId: '',
  candidateId: '',
  attempt: 0,
  sendEmail: false,
  createdAt: null,
  inviteDelivery: null,
  plan: { assessmentRevision: 0, rubricVersion: null, setupTimeMinutes: 0, phases: [], candidatePermissions: {} },
  dueDate: null,
  assessmentDueDate: null,
  dueDateRevision: -1,
  closesAt: null,
  setupStartedAt: null,
  setupDeadlineAt: null,
  taskStartedAt: null,
  phaseIndex: 0,
  phaseStartedAt: null,
  phaseDeadlineAt: null,
  closedAt: null,
  closedReason: null,
  submittedAt: null,
  submittedBy: null,
  checkpoint: null,
  deliverables: [],
  phasesLeftBy: [],
  checkpointCount: 0,
  checkpointBytes: 0,
  lateCheckpoint: null,
  activities: ActivityLedger.empty,
  lastActivityAt: null,
  config: emptyConfig,
  snapshot: null,
  scoring: initialScoring,
  reviews: [],
  decision: null,
  feedbackDelivery: null,
};

/** The hard "in by" time: the session's own due date, else the assessment's. */
export const effectiveDueDate = (state: SessionState): number | null => state.dueDate ?? state.assessmentDueDate;

export const isLastPhase = (state: SessionState): boolean => state.phaseIndex >= state.plan.phases.length - 1;

/** What was saved last in each phase, in order of phases. */
export const deliverablesOf = (state: SessionState): readonly SubmittedDeliverable[] =>
  [...state.deliverables, ...(state.checkpoint ? [state.checkpoint] : [])].map(
    ({ phaseIndex, artifactId, sha256 }) => ({ phaseIndex, artifactId, sha256 }),
  );

/** The due date has passed and the session was never under way: it cannot be started any more. */
export const accessExpired = (state: SessionState, now: number): boolean =>
  (state.status === 'invited' || state.status === 'setup') &&
  state.closedAt === null &&
  state.closesAt !== null &&
  now > state.closesAt;

/** What the candidate's timer shows: the end of the setup or of the current phase, or the due date when that is sooner. */
export const currentDeadline = (state: SessionState): number | null => {
  if (state.closedAt !== null) return null;
  const timer =
    state.status === 'setup' ? state.setupDeadlineAt : state.status === 'in_progress' ? state.phaseDeadlineAt : null;
  if (timer === null) return null;
  return state.closesAt === null ? timer : Math.min(timer, state.closesAt);
};
