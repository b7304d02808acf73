import { Module } from '@nestjs/common';
import { CqrsModule } from '@nestjs/cqrs';
import { AssessmentsModule } from '#assessments';
import { CandidatesModule } from '#candidates';
import { OrganizationsModule } from '#organizations';
import { CloseDueScheduler } from './close-due-scheduler.js';
import { AdvancePhaseHandler } from './commands/advance-phase.js';
import { BringScoreHandler } from './commands/bring-score.js';
import { CancelSessionHandler } from './commands/cancel-session.js';
import { ChangeSessionHandler } from './commands/change-session.js';
import { ClaimScoringHandler } from './commands/claim-scoring.js';
import { CloseDueSessionHandler } from './commands/close-due-session.js';
import { DeleteSessionHandler } from './commands/delete-session.js';
import { FailScoringHandler } from './commands/fail-scoring.js';
import { InheritDueDateHandler } from './commands/inherit-due-date.js';
import { InviteSessionHandler } from './commands/invite-session.js';
import { OpenSessionHandler } from './commands/open-session.js';
import { ParkScoringHandler } from './commands/park-scoring.js';
import { RecordActivitiesHandler } from './commands/record-activities.js';
import { RecordFeedbackDeliveryHandler } from './commands/record-feedback-delivery.js';
import { RecordInviteDeliveryHandler } from './commands/record-invite-delivery.js';
import { RecordScoreHandler } from './commands/record-score.js';
import { RequestScoringHandler } from './commands/request-scoring.js';
import { ReviewSessionHandler } from './commands/review-session.js';
import { SaveCheckpointHandler } from './commands/save-checkpoint.js';
import { StartTaskHandler } from './commands/start-task.js';
import { SubmitSessionHandler } from './commands/submit-session.js';
import { Deliverables } from './deliverables.js';
import { HandingOver } from './handing-over.js';
import { OpenSessions } from './open-sessions.js';
import { OrganizationFeed } from './organization-feed.js';
import { CompleteDeletions } from './policies/complete-deletions.js';
import { FollowAssessment } from './policies/follow-assessment.js';
import { PurgeReadModels } from './policies/purge-read-models.js';
import { GetSessionHandler } from './queries/get-session.js';
import { GetWorkspaceHandler } from './queries/get-workspace.js';
import { ListSessionEventsHandler } from './queries/list-session-events.js';
import { ListSessionsHandler } from './queries/list-sessions.js';
import { ReadTimelineHandler } from './queries/read-timeline.js';
import { ReplaySessionHandler } from './queries/replay-session.js';
import { SessionErasure } from './session-erasure.js';
import { SessionFacts } from './session-facts.js';
import { SessionPlans } from './session-plans.js';
import { SessionRecord } from './session-record.js';
import { SessionTokens } from './session-token.js';
import { SessionViews } from './session-views.js';
import { Sessions } from './sessions.js';
import { SubmittedWorks } from './submitted-work.js';

const commands = [
  AdvancePhaseHandler,
  BringScoreHandler,
  CancelSessionHandler,
  ChangeSessionHandler,
  ClaimScoringHandler,
  CloseDueSessionHandler,
  DeleteSessionHandler,
  FailScoringHandler,
  InheritDueDateHandler,
  InviteSessionHandler,
  OpenSessionHandler,
  ParkScoringHandler,
  RecordActivitiesHandler,
  RecordFeedbackDeliveryHandler,
  RecordInviteDeliveryHandler,
  RecordScoreHandler,
  RequestScoringHandler,
  ReviewSessionHandler,
  SaveCheckpointHandler,
  StartTaskHandler,
  SubmitSessionHandler,
];

const queries = [
  GetSessionHandler,
  GetWorkspaceHandler,
  ListSessionEventsHandler,
  ListSessionsHandler,
  ReadTimelineHandler,
  ReplaySessionHandler,
];

@Module({
  imports: [CqrsModule, AssessmentsModule, CandidatesModule, OrganizationsModule],
  providers: [
    ...commands,
    ...queries,
    CloseDueScheduler,
    CompleteDeletions,
    Deliverables,
    FollowAssessment,
    HandingOver,
    OpenSessions,
    OrganizationFeed,
    PurgeReadModels,
    SessionErasure,
    SessionFacts,
    SessionPlans,
    SessionRecord,
    SessionTokens,
    SessionViews,
    Sessions,
    SubmittedWorks,
  ],
  exports: [
    CloseDueScheduler,
    CompleteDeletions,
    FollowAssessment,
    OrganizationFeed,
    PurgeReadModels,
    SessionRecord,
    SessionTokens,
    Sessions,
    SubmittedWorks,
  ],
})
export class SessionsModule {}
