import { Module } from '@nestjs/common';
import { CqrsModule } from '@nestjs/cqrs';
import { CandidatesModule } from '#candidates';
import { SessionsModule } from '#sessions';
import { BlindEvents } from './blind-events.js';
import { FeedController } from './feed.controller.js';
import { SessionEventsController } from './session-events.controller.js';
import { SessionRecordController } from './session-record.controller.js';
import { SessionsController } from './sessions.controller.js';
import { WorkspaceController } from './workspace.controller.js';

@Module({
  imports: [CqrsModule, CandidatesModule, SessionsModule],
  controllers: [
    FeedController,
    SessionEventsController,
    SessionRecordController,
    SessionsController,
    WorkspaceController,
  ],
  providers: [BlindEvents],
})
export class SessionsApiModule {}
