import type { Fact } from '#event-sourcing';
import type { Projection } from '#read-store';
import { CompleteDeletions } from './policies/complete-deletions.js';
import { FollowAssessment } from './policies/follow-assessment.js';
import { deadlinesProjection } from './projections/deadlines.projection.js';
import { sessionListProjection } from './projections/session-list.projection.js';
import { sessionEvents } from './session.events.js';

export { ACTIVITY_TYPES, type ActivityTypeName } from './activity.types.js';
export { CloseDueScheduler } from './close-due-scheduler.js';
export { AdvancePhase, type PhaseEntered, type PhaseLeft } from './commands/advance-phase.js';
export { CancelSession } from './commands/cancel-session.js';
export { ChangeSession, type SessionChange } from './commands/change-session.js';
export { CloseDueSession } from './commands/close-due-session.js';
export { DeleteSession } from './commands/delete-session.js';
export { InheritDueDate } from './commands/inherit-due-date.js';
export { type Invitation, type InvitedSession, InviteSession } from './commands/invite-session.js';
export { OpenSession } from './commands/open-session.js';
export { RecordActivities } from './commands/record-activities.js';
export { type InviteDeliveryReport, RecordInviteDelivery } from './commands/record-invite-delivery.js';
export { SaveCheckpoint } from './commands/save-checkpoint.js';
export { StartTask } from './commands/start-task.js';
export { SubmitSession } from './commands/submit-session.js';
export type { DeliverableState } from './deliverables.js';
export { GetSession } from './queries/get-session.js';
export { ListSessions, type SessionsPage, type SessionsWanted } from './queries/list-sessions.js';
export { SESSION_STATUSES, type SessionStatus } from './session.lifecycle.js';
export type { BatchAnswer } from './session.requests.js';
export { accessExpired, effectiveDueDate, type SessionState } from './session.state.js';
export { type SessionTokenBearer, SessionTokens } from './session-token.js';
export type { SessionView } from './session-view.js';
export type { SessionReader } from './session-views.js';
export { Sessions } from './sessions.js';
export { SessionsModule } from './sessions.module.js';

/** Every event of the room, for the catalogue. */
export const sessionsEvents = sessionEvents;
export const sessionsProjections: readonly Projection<Fact>[] = [sessionListProjection, deadlinesProjection];
export const sessionsPolicies = [FollowAssessment, CompleteDeletions] as const;
