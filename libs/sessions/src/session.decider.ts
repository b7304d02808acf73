/** Everything that can be asked of a session: pure functions of (state, request), one idea a file. */
export { recordActivities, wholeBatch } from './decisions/activities.js';
export { cancel, remove, type Submission, submit } from './decisions/closing.js';
export { type Deadline, nextDeadline } from './decisions/deadlines.js';
export { CHECKPOINT_LIMIT, EVENT_BYTES, EVENT_LIMIT, LATE_MS, SCORING_ATTEMPTS } from './decisions/limits.js';
export { closeDue, invite, open, recordInviteDelivery, start } from './decisions/opening.js';
export { advancePhase, checkpoint, phaseSeen } from './decisions/phases.js';
export { decide, recordFeedbackDelivery, review } from './decisions/reviewing.js';
export {
  bringScore,
  type Claimed,
  failScoring,
  parkScoring,
  recordScore,
  requestScoring,
  startScoring,
} from './decisions/scoring.js';
export { adjust, inheritDueDate } from './decisions/terms.js';
export { type Outcome, type SessionDecision, settle } from './session.outcome.js';
