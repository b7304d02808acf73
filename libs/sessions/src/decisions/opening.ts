import { isoTime, notFound, VerbatimError } from '#platform';
import { isoOrNull, MINUTE } from '../moment.js';
import type { SessionDecision } from '../session.outcome.js';
import type { SessionPlan } from '../session.plan.js';
import type { InviteDeliveryRequest, InviteRequest, OpenRequest, SessionRequest } from '../session.requests.js';
import { accessExpired, effectiveDueDate, type SessionState } from '../session.state.js';
import { afterDeadlines } from './frame.js';
import { closedError } from './refusals.js';
import { appendTaskStarted } from './steps.js';
import { notBeforeStart, type Unfolding } from './unfolding.js';

/** Makes the session; one that exists stays as it is. */
export const invite = (state: SessionState, request: InviteRequest): SessionDecision<{ readonly created: boolean }> => {
  if (state.deleted) throw notFound('session');
  if (state.status !== null) return afterDeadlines(state, request.now, () => ({ created: false }));
  const { now, dueDate, assessmentDueDate, sessionId, assessmentId, assessmentRevision } = request;
  const { candidateId, attempt, sendEmail, plan } = request;
  const due = dueDate ?? assessmentDueDate;
  if (due !== null && due <= now)
    throw new VerbatimError(
      'due_date_in_past',
      `The due date ${isoTime(due)}${dueDate === null ? ' of the assessment' : ''} has passed: give a later one.`,
      { param: 'dueDate', details: { dueDate: isoTime(due) } },
    );
  return {
    events: [
      {
        type: 'session_invited',
        data: {
          sessionId,
          assessmentId,
          assessmentRevision,
          candidateId,
          attempt,
          dueDate: isoOrNull(dueDate),
          assessmentDueDate: isoOrNull(assessmentDueDate),
          sendEmail,
          plan,
        },
      },
    ],
    answer: { result: { created: true } },
  };
};

/** invited -> setup, once; in any later status nothing changes. */
export const open = (state: SessionState, request: OpenRequest): SessionDecision<void> =>
  afterDeadlines(state, request.now, (work) => {
    refuseCancelled(work.state);
    if (work.state.status !== 'invited') return;
    refuseExpired(work);
    appendSetupStarted(work, request.plan);
    if (request.plan.setupTimeMinutes === 0) appendTaskStarted(work, work.now, 'no_setup');
  });

/** setup -> in_progress, once; from invited it opens first; in any later status nothing changes. */
export const start = (state: SessionState, request: OpenRequest): SessionDecision<void> =>
  afterDeadlines(state, request.now, (work) => {
    refuseCancelled(work.state);
    if (work.state.status !== 'invited' && work.state.status !== 'setup') return;
    refuseExpired(work);
    if (work.state.status === 'invited') appendSetupStarted(work, request.plan);
    const trigger = work.state.plan.setupTimeMinutes === 0 ? 'no_setup' : 'candidate';
    appendTaskStarted(work, notBeforeStart(work.state, work.now), trigger);
  });

/** Notes what became of the invitation's mail. A reaction may run twice, and after a deletion: then nothing changes. */
export const recordInviteDelivery = (state: SessionState, request: InviteDeliveryRequest): SessionDecision<void> => {
  if (state.status === null) return { events: [], answer: { result: undefined } };
  const { now, messageId, delivered, channel, reason } = request;
  return afterDeadlines(state, now, (work) => {
    const known = work.state.inviteDelivery;
    if (known?.messageId === messageId && known.delivered === delivered) return;
    work.append({ type: 'invite_delivered', data: { delivered, channel, messageId, at: isoTime(now), reason } });
  });
};

/** What the scheduler asks for: everything overdue, and nothing else. */
export const closeDue = (state: SessionState, request: SessionRequest): SessionDecision<void> =>
  state.status === null
    ? { events: [], answer: { result: undefined } }
    : afterDeadlines(state, request.now, () => undefined);

const appendSetupStarted = (work: Unfolding, plan: SessionPlan): void =>
  work.append({
    type: 'setup_started',
    data: { startedAt: isoTime(work.now), deadlineAt: isoTime(work.now + plan.setupTimeMinutes * MINUTE), plan },
  });

const refuseCancelled = (state: SessionState): void => {
  if (state.closedReason === 'cancelled') throw closedError(state, 'This session was cancelled.');
};

const refuseExpired = ({ state, now }: Unfolding): void => {
  if (!accessExpired(state, now)) return;
  const due = isoTime(effectiveDueDate(state) ?? now);
  throw new VerbatimError(
    'due_date_passed',
    `This session was to be completed by ${due}. Please ask whoever invited you for a later date.`,
    { details: { dueDate: due } },
  );
};
