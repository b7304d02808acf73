import { isoTime, notFound } from '#platform';
import type { SubmitTrigger } from '../session.events.js';
import { refusedTransition } from '../session.lifecycle.js';
import type { SessionDecision } from '../session.outcome.js';
import type { CancelRequest, DeleteRequest, DeliverableRef, SubmitRequest } from '../session.requests.js';
import type { SessionState } from '../session.state.js';
import { afterDeadlines } from './frame.js';
import { LATE_MS } from './limits.js';
import { requireInProgress } from './refusals.js';
import { appendCheckpoint, appendSubmission } from './steps.js';
import { notBeforeStart, type Unfolding } from './unfolding.js';

export interface Submission {
  readonly submittedAt: number;
  readonly submittedBy: SubmitTrigger;
}

/**
 * in_progress -> submitted. Received at or before the deadline it wins against the clock; later, or again, it is answered
 * with the submission that stands.
 */
export const submit = (state: SessionState, request: SubmitRequest): SessionDecision<Submission> =>
  afterDeadlines(state, request.now, (work) => {
    if (work.state.submittedAt === null) {
      requireInProgress(work.state, 'submitted');
      if (request.deliverable) appendCheckpoint(work, request.deliverable);
      appendSubmission(work, notBeforeStart(work.state, work.now), 'candidate');
    } else if (request.deliverable) appendLateCheckpoint(work, request.deliverable);
    const { submittedAt, submittedBy } = work.state;
    return { submittedAt: submittedAt ?? work.now, submittedBy: submittedBy ?? 'candidate' };
  });

/** Before the submission; the session keeps its status and is closed. Cancelling again changes nothing. */
export const cancel = (state: SessionState, request: CancelRequest): SessionDecision<void> =>
  afterDeadlines(state, request.now, (work) => {
    const { status, closedReason } = work.state;
    if (closedReason === 'cancelled') return;
    if (status !== 'invited' && status !== 'setup' && status !== 'in_progress')
      throw refusedTransition(status!, 'cancelled', `A session that is ${status} cannot be cancelled.`);
    work.append({
      type: 'session_cancelled',
      data: {
        cancelledAt: isoTime(notBeforeStart(work.state, work.now)),
        by: request.by,
        reason: request.reason,
      },
    });
  });

/** Terminal, in any status. Nothing else happens first: what is overdue has no meaning for a record that ends here. */
export const remove = (state: SessionState, request: DeleteRequest): SessionDecision<void> => {
  if (state.status === null) throw notFound('session');
  const { now, by, reason } = request;
  return {
    events: [{ type: 'session_deleted', data: { deletedAt: isoTime(now), by, reason } }],
    answer: { result: undefined },
  };
};

/** The work of a submit that lost against the clock is no part of the submission, but it is not thrown away either. */
const appendLateCheckpoint = (work: Unfolding, deliverable: DeliverableRef): void => {
  const { closedAt, checkpoint: saved, lateCheckpoint, phaseIndex } = work.state;
  if (closedAt === null || work.now - closedAt > LATE_MS) return;
  if ((lateCheckpoint ?? saved)?.sha256 === deliverable.sha256) return;
  const { artifactId, sha256, bytes } = deliverable;
  work.append({
    type: 'checkpoint_saved',
    data: { phaseIndex, artifactId, sha256, bytes, savedAt: isoTime(work.now), late: true },
  });
};
