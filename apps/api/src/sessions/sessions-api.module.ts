import { Module } from '@nestjs/common';
import { CqrsModule } from '@nestjs/cqrs';
import { SessionsModule } from '#sessions';
import { FeedController } from './feed.controller.js';
import { SessionEventsController } from './session-events.controller.js';
import { SessionRecordController } from './session-record.controller.js';
import { SessionsController } from './sessions.controller.js';
import { WorkspaceController } from './workspace.controller.js';

@Module({
  imports: [CqrsModule, SessionsModule],
  controllers: [
    FeedController,
    SessionEventsController,
    SessionRecordController,
    SessionsController,
    WorkspaceController,
  ],
})
export class SessionsApiModule {}
