import { type Fact, parseStream } from '#event-sourcing';
import { type Documents, defineCollection, type Projection } from '#read-store';
import type { SessionEvent } from '../session.events.js';
import { sessionIdOf } from './session-list.projection.js';

/** Of a session that the clock may do something with. */
export interface SessionDeadline {
  readonly orgId: string;
  /** When the clock will do something; null while it will do nothing. */
  readonly at: string | null;
  readonly status: 'invited' | 'setup' | 'in_progress' | 'submitted';
  /** End of the setup or of the current phase; of a submitted session, of a scorer's lease or of the wait for a retry. */
  readonly timerEndsAt: string | null;
  /** When the due date ends the session. */
  readonly closesAt: string | null;
}

export const deadlines = defineCollection<SessionDeadline>({
  name: 'session_deadlines',
  fields: { at: 'time' },
  indexes: [['at']],
});

type SessionFact = Fact<SessionEvent>;

/** Undefined: the clock has nothing more to do. Null: the event changes nothing here. */
const next = (fact: SessionFact, before: SessionDeadline | undefined): Partial<SessionDeadline> | null | undefined => {
  switch (fact.type) {
    case 'session_invited':
      return {
        status: 'invited',
        timerEndsAt: null,
        closesAt: fact.data.dueDate ?? fact.data.assessmentDueDate ?? null,
      };
    case 'setup_started':
      return { status: 'setup', timerEndsAt: fact.data.deadlineAt };
    case 'task_started':
      return { status: 'in_progress', timerEndsAt: fact.data.deadlineAt };
    case 'phase_advanced':
      return { timerEndsAt: fact.data.body.deadlineAt };
    case 'time_extended':
      return { timerEndsAt: fact.data.deadlineAt };
    case 'due_date_changed':
      return {
        closesAt: fact.data.closesAt ?? null,
        ...(fact.data.setupDeadlineAt && before?.status === 'setup' ? { timerEndsAt: fact.data.setupDeadlineAt } : {}),
      };
    case 'session_reopened':
      return { status: 'in_progress', timerEndsAt: fact.data.deadlineAt, closesAt: fact.data.closesAt ?? null };
    case 'scoring_started':
      return { status: 'submitted', timerEndsAt: fact.data.leaseUntil, closesAt: null };
    case 'scoring_failed':
      if (!fact.data.retryAt) return undefined;
      return { status: 'submitted', timerEndsAt: fact.data.retryAt, closesAt: null };
    case 'task_submitted':
    case 'session_cancelled':
    case 'session_deleted':
    case 'scoring_retry_due':
    case 'scoring_parked':
    case 'score_recorded':
    case 'review_recorded':
      return undefined;
    default:
      return null;
  }
};

/** As the decider's `nextDeadline` has it: a due date that passes before the setup is over does nothing by itself. */
const nextAt = ({ status, timerEndsAt, closesAt }: Omit<SessionDeadline, 'at'>): string | null => {
  if (status === 'invited' || timerEndsAt === null) return null;
  if (closesAt === null || closesAt > timerEndsAt) return timerEndsAt;
  return status === 'setup' ? null : closesAt;
};

/** For the scheduler: which sessions the clock has something to do with, and when. */
export const deadlinesProjection: Projection<Fact> = {
  name: 'session_deadlines',
  // 2: leases of scorers, and the waits after their failures.
  version: 2,
  types: [
    'session_invited',
    'setup_started',
    'task_started',
    'phase_advanced',
    'time_extended',
    'due_date_changed',
    'session_reopened',
    'task_submitted',
    'session_cancelled',
    'scoring_started',
    'scoring_failed',
    'scoring_retry_due',
    'scoring_parked',
    'score_recorded',
    'review_recorded',
    'session_deleted',
    'session_erased',
  ],
  collections: [deadlines],
  onPoison: 'quarantine_stream',
  touches: (fact) => [{ collection: deadlines, id: sessionIdOf(fact) }],
  apply(fact, documents: Documents) {
    const id = sessionIdOf(fact);
    if (fact.type === 'session_erased') return documents.remove(deadlines, id);
    const before = documents.get(deadlines, id);
    const change = next(fact as SessionFact, before);
    if (change === undefined) return documents.remove(deadlines, id);
    if (change === null) return;
    const { orgId } = parseStream(fact.stream);
    const after = { status: 'invited' as const, timerEndsAt: null, closesAt: null, ...before, ...change, orgId };
    documents.put(deadlines, id, { ...after, at: nextAt(after) });
  },
};
