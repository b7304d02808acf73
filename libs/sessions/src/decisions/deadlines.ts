import { isoTime } from '#platform';
import type { ExpiredScope } from '../session.events.js';
import { isLastPhase, type SessionState } from '../session.state.js';
import { appendLeaseExpired, appendRetryDue, type ScoringDeadline, scoringDeadline } from './scoring-deadlines.js';
import { appendPhaseAdvanced, appendSubmission, appendTaskStarted } from './steps.js';
import type { Unfolding } from './unfolding.js';

export type Deadline = { readonly scope: ExpiredScope; readonly at: number } | ScoringDeadline;

/**
 * What the clock will do next with this session, and when; null when it will do nothing. A due date that passes before the
 * setup is over does nothing: the session cannot be started any more, and a later due date lets it go on.
 */
export const nextDeadline = (state: SessionState): Deadline | null => {
  if (state.closedAt !== null) return scoringDeadline(state);
  const due = state.closesAt ?? Number.POSITIVE_INFINITY;
  if (state.status === 'setup' && state.setupDeadlineAt !== null)
    return due <= state.setupDeadlineAt ? null : { scope: 'setup', at: state.setupDeadlineAt };
  if (state.status !== 'in_progress' || state.phaseDeadlineAt === null) return null;
  // At the same moment the last phase's timer goes before the due date, and the due date before another phase.
  if (isLastPhase(state))
    return due < state.phaseDeadlineAt ? { scope: 'due_date', at: due } : { scope: 'task', at: state.phaseDeadlineAt };
  return due <= state.phaseDeadlineAt ? { scope: 'due_date', at: due } : { scope: 'phase', at: state.phaseDeadlineAt };
};

/**
 * Everything overdue happens, in order, each at its own time, the next counting from it: a server that was down for an
 * hour writes what would have happened. What is received at the very moment of a deadline still came in time.
 */
export const applyDeadlines = (work: Unfolding): void => {
  for (let next = nextDeadline(work.state); next !== null && next.at < work.now; next = nextDeadline(work.state))
    expire(work, next);
};

const expire = (work: Unfolding, { scope, at }: Deadline): void => {
  if (scope === 'lease') appendLeaseExpired(work, at);
  else if (scope === 'retry') appendRetryDue(work, at);
  else expireTimer(work, scope, at);
};

const expireTimer = (work: Unfolding, scope: ExpiredScope, at: number): void => {
  work.appendActivity('time_expired', at, 'system', {
    scope,
    phaseIndex: work.state.phaseIndex,
    deadlineAt: isoTime(at),
    autoSubmitted: scope === 'task' || scope === 'due_date',
  });
  switch (scope) {
    case 'setup':
      appendTaskStarted(work, at, 'timer');
      break;
    case 'phase':
      appendPhaseAdvanced(work, at, 'timer', null);
      break;
    case 'task':
      appendSubmission(work, at, 'timer');
      break;
    case 'due_date':
      appendSubmission(work, at, 'due_date');
      break;
    default:
      scope satisfies never;
  }
};
