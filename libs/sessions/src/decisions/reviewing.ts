import { isoTime } from '#platform';
import type { HumanDecision } from '../session.events.js';
import { refusedTransition } from '../session.lifecycle.js';
import type { SessionDecision } from '../session.outcome.js';
import type { DecisionRequest, InviteDeliveryRequest, ReviewRequest } from '../session.requests.js';
import type { SessionState } from '../session.state.js';
import { afterDeadlines } from './frame.js';
import type { Unfolding } from './unfolding.js';

/** scored -> reviewed, with a decision if there is one; on a reviewed session it adds a further review. */
export const review = (state: SessionState, request: ReviewRequest): SessionDecision<void> =>
  afterDeadlines(state, request.now, (work) => {
    const { status, scoring } = work.state;
    if ((status !== 'scored' && status !== 'reviewed') || scoring.currentRunId === null)
      throw refusedTransition(status!, 'reviewed', `A session that is ${status} has no score to review.`);
    const { now, by, byName, adjustments, note, decision, expectedRunId } = request;
    if (expectedRunId && expectedRunId !== scoring.currentRunId)
      throw refusedTransition(status, 'reviewed', 'Another score was made meanwhile: look at that one first.', {
        runId: scoring.currentRunId,
      });
    const named = byName === undefined ? {} : { byName };
    work.append({
      type: 'review_recorded',
      data: { runId: scoring.currentRunId, reviewedAt: isoTime(now), by, ...named, adjustments, note },
    });
    if (decision !== null) appendDecision(work, by, decision);
  });

/** What a human decided about the candidate; a later one replaces it. */
export const decide = (state: SessionState, request: DecisionRequest): SessionDecision<void> =>
  afterDeadlines(state, request.now, (work) => {
    const { status } = work.state;
    if (status !== 'reviewed')
      throw refusedTransition(status!, 'reviewed', `A session that is ${status} is not reviewed: decide after that.`);
    appendDecision(work, request.by, request.decision);
  });

/** Notes what became of the mail with the feedback. A reaction may run twice, and after a deletion: then nothing changes. */
export const recordFeedbackDelivery = (
  state: SessionState,
  { now, messageId, delivered, channel, reason }: InviteDeliveryRequest,
): SessionDecision<void> => {
  if (state.status === null) return { events: [], answer: { result: undefined } };
  return afterDeadlines(state, now, (work) => {
    const known = work.state.feedbackDelivery;
    if (known?.messageId === messageId && known.delivered === delivered) return;
    work.append({ type: 'feedback_delivered', data: { delivered, channel, messageId, at: isoTime(now), reason } });
  });
};

const appendDecision = (work: Unfolding, by: string, decision: HumanDecision): void =>
  work.append({ type: 'decision_recorded', data: { decision, decidedAt: isoTime(work.now), by } });
