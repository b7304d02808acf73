import { Module } from '@nestjs/common';
import { CqrsModule } from '@nestjs/cqrs';
import { AccessModule } from '#access';
import { AssessmentsModule } from '#assessments';
import { CandidatesModule } from '#candidates';
import { CohortsModule } from '#cohorts';
import { ScoringModule } from '#scoring';
import { SessionsModule } from '#sessions';
import { BlindEvents } from '../sessions/blind-events.js';
import { CodingAssessmentsController } from './coding-assessments.controller.js';
import { IngestController } from './ingest/ingest.controller.js';
import { IssuesController } from './issues.controller.js';
import { RecordedSessionsController } from './recorded-sessions.controller.js';
import { RubricsController } from './rubrics.controller.js';

/** The door of the coding product (`/v1`). */
@Module({
  imports: [
    CqrsModule,
    AccessModule,
    AssessmentsModule,
    CandidatesModule,
    CohortsModule,
    ScoringModule,
    SessionsModule,
  ],
  controllers: [
    CodingAssessmentsController,
    IngestController,
    IssuesController,
    RecordedSessionsController,
    RubricsController,
  ],
  providers: [BlindEvents],
})
export class V1Module {}
