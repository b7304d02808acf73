import { isoTime, VerbatimError } from '#platform';
import { isoOrNull, MINUTE } from '../moment.js';
import type { DueDateChanged } from '../session.events.js';
import { refusedTransition } from '../session.lifecycle.js';
import type { SessionDecision } from '../session.outcome.js';
import type { AdjustRequest, InheritDueDateRequest } from '../session.requests.js';
import { accessExpired, type SessionState } from '../session.state.js';
import { afterDeadlines } from './frame.js';
import { closedError } from './refusals.js';
import { notBeforeStart, type Unfolding } from './unfolding.js';

/** W9: all of it or nothing. */
export const adjust = (state: SessionState, request: AdjustRequest): SessionDecision<void> =>
  afterDeadlines(state, request.now, (work) => {
    const { by, reopen, dueDate, addMinutes } = request;
    if (reopen) appendReopened(work, by, reopen.minutes, reopen.reason);
    if (dueDate !== undefined) changeDueDate(work, by, dueDate);
    if (addMinutes !== undefined) appendMinutes(work, by, addMinutes);
  });

/** The assessment's due date as it is now. A reaction may run twice, late, or after a deletion: then nothing changes. */
export const inheritDueDate = (state: SessionState, request: InheritDueDateRequest): SessionDecision<void> => {
  if (state.status === null) return { events: [], answer: { result: undefined } };
  const { now, by, assessmentDueDate, assessmentRevision } = request;
  return afterDeadlines(state, now, (work) => {
    const { closedAt, dueDateRevision, dueDate } = work.state;
    if (closedAt !== null || assessmentRevision <= dueDateRevision) return;
    if (assessmentDueDate === work.state.assessmentDueDate) return;
    appendDueDate(work, by, 'assessment', dueDate, assessmentDueDate, assessmentRevision);
  });
};

const changeDueDate = (work: Unfolding, by: string, dueDate: number | null): void => {
  const { state, now } = work;
  if (state.closedAt !== null)
    throw closedError(state, 'The due date of a session can be changed until it is submitted.');
  if (dueDate === state.dueDate) return;
  const due = dueDate ?? state.assessmentDueDate;
  if (due !== null && due <= now)
    throw new VerbatimError('due_date_in_past', `The due date ${isoTime(due)} has passed: give a later one.`, {
      param: 'dueDate',
      details: { dueDate: isoTime(due) },
    });
  appendDueDate(work, by, 'session', dueDate, state.assessmentDueDate, state.dueDateRevision);
};

/**
 * A due date that is set when it has passed already ends the session at the moment of the change, not before what was
 * done in the meantime.
 */
const appendDueDate = (
  work: Unfolding,
  by: string,
  source: DueDateChanged['source'],
  dueDate: number | null,
  assessmentDueDate: number | null,
  assessmentRevision: number,
): void => {
  const { state, now } = work;
  const due = dueDate ?? assessmentDueDate;
  const closesAt = due === null ? null : Math.max(due, notBeforeStart(state, now));
  // While the due date had passed, nobody could work: the setup timer stood still.
  const stoodStill =
    state.status === 'setup' && accessExpired(state, now) && (due === null || due > now)
      ? now - (state.closesAt ?? now)
      : 0;
  work.append({
    type: 'due_date_changed',
    data: {
      source,
      dueDate: isoOrNull(dueDate),
      assessmentDueDate: isoOrNull(assessmentDueDate),
      assessmentRevision,
      closesAt: isoOrNull(closesAt),
      ...(stoodStill > 0 && state.setupDeadlineAt !== null
        ? { setupDeadlineAt: isoTime(state.setupDeadlineAt + stoodStill) }
        : {}),
      by,
    },
  });
};

const appendMinutes = (work: Unfolding, by: string, minutes: number): void => {
  const { state } = work;
  if (state.closedAt !== null) throw closedError(state, 'Time can be added until a session is submitted.');
  const timer = state.status === 'setup' ? state.setupDeadlineAt : state.phaseDeadlineAt;
  if (timer === null)
    throw refusedTransition(state.status!, 'in_progress', 'No timer runs before the session is opened.');
  work.append({
    type: 'time_extended',
    data: {
      scope: state.status === 'setup' ? 'setup' : 'phase',
      phaseIndex: state.phaseIndex,
      minutes,
      deadlineAt: isoTime(timer + minutes * MINUTE),
      by,
      reason: null,
    },
  });
};

/** For outages: what the clock submitted goes on where it stood, for so many minutes, whatever the due date was. */
const appendReopened = (work: Unfolding, by: string, minutes: number, reason: string): void => {
  const { status, submittedBy, closedAt, closesAt, dueDate, phaseIndex } = work.state;
  if (status !== 'submitted' && status !== 'scoring' && status !== 'scored')
    throw refusedTransition(status!, 'in_progress', `A session that is ${status} cannot be reopened.`);
  if (submittedBy === 'candidate')
    throw refusedTransition(
      status,
      'in_progress',
      'The candidate submitted this session: only the clock can be undone.',
      {
        submittedBy,
      },
    );
  const reopenedAt = Math.max(work.now, closedAt ?? work.now);
  const deadlineAt = reopenedAt + minutes * MINUTE;
  const cutShort = closesAt !== null && closesAt < deadlineAt;
  work.append({
    type: 'session_reopened',
    data: {
      reopenedAt: isoTime(reopenedAt),
      phaseIndex,
      minutes,
      deadlineAt: isoTime(deadlineAt),
      dueDate: isoOrNull(cutShort ? deadlineAt : dueDate),
      closesAt: isoOrNull(cutShort ? deadlineAt : closesAt),
      by,
      reason,
    },
  });
};
