import { isoTime } from '#platform';
import type { SubmitTrigger } from './activity.events.js';
import type { SessionEntry } from './projections/session-list.projection.js';
import type { SessionStatus } from './session.lifecycle.js';
import { accessExpired, effectiveDueDate, type SessionState } from './session.state.js';

/** What the stream alone says of a session. */
export interface SessionCore {
  readonly id: string;
  readonly assessmentId: string;
  readonly candidateId: string;
  readonly attempt: number;
  readonly status: SessionStatus;
  readonly setupStartedAt: string | null;
  readonly taskStartedAt: string | null;
  readonly submittedAt: string | null;
  readonly submittedBy: SubmitTrigger | null;
  /** The session's own; null inherits the assessment's. */
  readonly dueDate: string | null;
  readonly effectiveDueDate: string | null;
  readonly closedReason: 'submitted' | 'cancelled' | null;
  /** The due date passed before the task was begun: it cannot be begun any more. */
  readonly accessExpired: boolean;
  readonly createdAt: string;
}

/** A session as callers see it (A1, A2). */
export interface SessionView extends SessionCore {
  /** The candidate's credential; null for whoever may not act for the organization. */
  readonly token: string | null;
  /** Null for whoever is blind to names. */
  readonly candidateName: string | null;
  readonly candidateEmail: string | null;
  readonly assessmentName: string | null;
}

const time = (moment: number | null): string | null => (moment === null ? null : isoTime(moment));

/** Only of a session that exists: its status is not null. */
export const coreOfState = (state: SessionState, now: number): SessionCore => {
  const status = state.status ?? 'invited';
  return {
    id: state.sessionId,
    assessmentId: state.assessmentId,
    candidateId: state.candidateId,
    attempt: state.attempt,
    status,
    setupStartedAt: time(state.setupStartedAt),
    taskStartedAt: time(state.taskStartedAt),
    submittedAt: time(state.submittedAt),
    submittedBy: state.submittedBy,
    dueDate: time(state.dueDate),
    effectiveDueDate: time(effectiveDueDate(state)),
    closedReason: state.closedReason,
    accessExpired: accessExpired(state, now),
    createdAt: isoTime(state.createdAt ?? 0),
  };
};

export const coreOfEntry = (id: string, entry: SessionEntry, now: number): SessionCore => ({
  id,
  assessmentId: entry.assessmentId,
  candidateId: entry.candidateId,
  attempt: entry.attempt,
  status: entry.status,
  setupStartedAt: entry.setupStartedAt,
  taskStartedAt: entry.taskStartedAt,
  submittedAt: entry.submittedAt,
  submittedBy: entry.submittedBy,
  dueDate: entry.dueDate,
  effectiveDueDate: entry.dueDate ?? entry.assessmentDueDate,
  closedReason: entry.closedReason,
  accessExpired:
    (entry.status === 'invited' || entry.status === 'setup') &&
    entry.closedReason === null &&
    entry.closesAt !== null &&
    now > Date.parse(entry.closesAt),
  createdAt: entry.createdAt,
});
