import { type Fact, parseStream } from '#event-sourcing';
import { type Documents, defineCollection, type Projection } from '#read-store';
import type { SubmitTrigger } from '../activity.events.js';
import type { SessionEvent } from '../session.events.js';
import type { SessionStatus } from '../session.lifecycle.js';

/** References, statuses and times; names are joined when a page is read. */
export interface SessionEntry {
  readonly orgId: string;
  readonly assessmentId: string;
  readonly candidateId: string;
  readonly attempt: number;
  readonly status: SessionStatus;
  readonly createdAt: string;
  readonly setupStartedAt: string | null;
  readonly taskStartedAt: string | null;
  readonly submittedAt: string | null;
  readonly submittedBy: SubmitTrigger | null;
  /** The session's own; null inherits. */
  readonly dueDate: string | null;
  readonly assessmentDueDate: string | null;
  /** When the due date ends the session. */
  readonly closesAt: string | null;
  readonly closedReason: 'submitted' | 'cancelled' | null;
}

export const sessionList = defineCollection<SessionEntry>({
  name: 'sessions',
  fields: {
    orgId: 'text',
    assessmentId: 'text',
    candidateId: 'text',
    status: 'text',
    createdAt: 'time',
    closedReason: 'text',
  },
  indexes: [
    ['orgId', 'createdAt'],
    ['orgId', 'status', 'createdAt'],
    ['orgId', 'assessmentId', 'createdAt'],
    ['orgId', 'candidateId', 'createdAt'],
  ],
});

type SessionFact = Fact<SessionEvent>;

/** What an event changes of its row; undefined: nothing. */
const changeOf = (fact: SessionFact): Partial<SessionEntry> | undefined => {
  switch (fact.type) {
    case 'setup_started':
      return { status: 'setup', setupStartedAt: fact.data.startedAt };
    case 'task_started':
      return { status: 'in_progress', taskStartedAt: fact.data.startedAt };
    case 'task_submitted':
      return {
        status: 'submitted',
        // The deadline itself when the clock submitted, whenever it was written.
        submittedAt: new Date(fact.data.timestampMs).toISOString(),
        submittedBy: fact.data.body.trigger,
        closedReason: 'submitted',
      };
    case 'session_reopened':
      return {
        status: 'in_progress',
        submittedAt: null,
        submittedBy: null,
        closedReason: null,
        dueDate: fact.data.dueDate ?? null,
        closesAt: fact.data.closesAt ?? null,
      };
    case 'due_date_changed':
      return {
        dueDate: fact.data.dueDate ?? null,
        assessmentDueDate: fact.data.assessmentDueDate ?? null,
        closesAt: fact.data.closesAt ?? null,
      };
    case 'session_cancelled':
      return { closedReason: 'cancelled' };
    case 'scoring_started':
      return { status: 'scoring' };
    case 'score_recorded':
      return { status: 'scored' };
    case 'scoring_failed':
    case 'scoring_parked':
      return { status: fact.data.backTo };
    case 'review_recorded':
      return { status: 'reviewed' };
    default:
      return undefined;
  }
};

/** The deletion is in the organization's stream too: there it is seen also when the session's own stream is gone. */
export const sessionIdOf = (fact: Fact): string =>
  fact.type === 'session_erased' ? (fact.data as { sessionId: string }).sessionId : parseStream(fact.stream).id;

const invited = (fact: Extract<SessionFact, { type: 'session_invited' }>, documents: Documents): void => {
  const { assessmentId, candidateId, attempt, dueDate, assessmentDueDate } = fact.data;
  const own = dueDate ?? null;
  const inherited = assessmentDueDate ?? null;
  documents.put(sessionList, sessionIdOf(fact), {
    orgId: parseStream(fact.stream).orgId,
    assessmentId,
    candidateId,
    attempt,
    status: 'invited',
    createdAt: fact.metadata.recordedAt,
    setupStartedAt: null,
    taskStartedAt: null,
    submittedAt: null,
    submittedBy: null,
    dueDate: own,
    assessmentDueDate: inherited,
    closesAt: own ?? inherited,
    closedReason: null,
  });
};

/** One row a session, for the lists of A1 and for whoever must reach an assessment's sessions. */
export const sessionListProjection: Projection<Fact> = {
  name: 'sessions',
  version: 1,
  types: [
    'session_invited',
    'setup_started',
    'task_started',
    'task_submitted',
    'session_reopened',
    'due_date_changed',
    'session_cancelled',
    'scoring_started',
    'score_recorded',
    'scoring_failed',
    'scoring_parked',
    'review_recorded',
    'session_deleted',
    'session_erased',
  ],
  collections: [sessionList],
  onPoison: 'quarantine_stream',
  touches: (fact) => [{ collection: sessionList, id: sessionIdOf(fact) }],
  apply(fact, documents) {
    const id = sessionIdOf(fact);
    if (fact.type === 'session_deleted' || fact.type === 'session_erased') return documents.remove(sessionList, id);
    const known = fact as SessionFact;
    if (known.type === 'session_invited') return invited(known, documents);
    const row = documents.get(sessionList, id);
    const change = changeOf(known);
    if (row && change) documents.put(sessionList, id, { ...row, ...change });
  },
};
