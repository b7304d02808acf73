import type { Fact } from '#event-sourcing';
import type { Projection } from '#read-store';
import { CompleteDeletions } from './policies/complete-deletions.js';
import { FollowAssessment } from './policies/follow-assessment.js';
import { PurgeReadModels } from './policies/purge-read-models.js';
import { deadlinesProjection } from './projections/deadlines.projection.js';
import { sessionListProjection } from './projections/session-list.projection.js';
import { sessionEvents } from './session.events.js';

export { ACTIVITY_TYPES, type ActivityTypeName, isActivityType } from './activity.types.js';
export {
  type Body,
  changeOf,
  execOf,
  isCandidateAction,
  isPrompt,
  isRecord,
  isSourceOpened,
  recordOf,
  type Side,
  type Told,
} from './activity-reading.js';
export { CloseDueScheduler } from './close-due-scheduler.js';
export { AdvancePhase, type PhaseEntered, type PhaseLeft } from './commands/advance-phase.js';
export { BringScore } from './commands/bring-score.js';
export { CancelSession } from './commands/cancel-session.js';
export { ChangeSession, type SessionChange } from './commands/change-session.js';
export { ClaimScoring, type ScoringClaimWish } from './commands/claim-scoring.js';
export { DeleteSession } from './commands/delete-session.js';
export { FailScoring, type ScoringFailure } from './commands/fail-scoring.js';
export { type Invitation, type InvitedSession, InviteSession } from './commands/invite-session.js';
export { OpenSession } from './commands/open-session.js';
export { ParkScoring } from './commands/park-scoring.js';
export { RecordActivities } from './commands/record-activities.js';
export { RecordFeedbackDelivery } from './commands/record-feedback-delivery.js';
export { type InviteDeliveryReport, RecordInviteDelivery } from './commands/record-invite-delivery.js';
export { RecordScore } from './commands/record-score.js';
export { RequestScoring } from './commands/request-scoring.js';
export { ReviewSession } from './commands/review-session.js';
export { SaveCheckpoint } from './commands/save-checkpoint.js';
export { StartTask } from './commands/start-task.js';
export { SubmitSession } from './commands/submit-session.js';
export type { DeliverableState } from './deliverables.js';
export type { EventView } from './event-view.js';
export { FEED_KINDS, FEED_TYPES, type FeedEvent, type FeedKind } from './feed-view.js';
export {
  type FeedPage,
  type FeedReader,
  type FeedWanted,
  feedPrefixes,
  OrganizationFeed,
} from './organization-feed.js';
export { GetSession } from './queries/get-session.js';
export { GetWorkspace, type Workspace } from './queries/get-workspace.js';
export { type EventsPage, type EventsWanted, ListSessionEvents } from './queries/list-session-events.js';
export { ListSessions, type SessionsPage, type SessionsWanted } from './queries/list-sessions.js';
export { ReadTimeline, type TimelinePage } from './queries/read-timeline.js';
export { type Replay, type ReplayPoint, ReplaySession } from './queries/replay-session.js';
export {
  HUMAN_DECISIONS,
  type HumanDecision,
  SCORING_WORK_TYPES,
  type ScoreAdjustment,
  type ScoreResult,
} from './scoring.events.js';
export { type Claimed, SCORING_ATTEMPTS } from './session.decider.js';
export { SESSION_STATUSES, type SessionStatus } from './session.lifecycle.js';
export type { BatchAnswer, ScoringFlag } from './session.requests.js';
export { accessExpired, effectiveDueDate, type SessionState } from './session.state.js';
export { SessionMail } from './session-mail.js';
export { SessionRecord } from './session-record.js';
export { type SessionTokenBearer, SessionTokens } from './session-token.js';
export type { SessionView } from './session-view.js';
export type { SessionReader } from './session-views.js';
export { Sessions } from './sessions.js';
export { SessionsModule } from './sessions.module.js';
export { type SubmittedDeliverableState, type SubmittedWork, SubmittedWorks } from './submitted-work.js';

/** Every event of the room, for the catalogue. */
export const sessionsEvents = sessionEvents;
export const sessionsProjections: readonly Projection<Fact>[] = [sessionListProjection, deadlinesProjection];
export const sessionsPolicies = [FollowAssessment, CompleteDeletions, PurgeReadModels] as const;
