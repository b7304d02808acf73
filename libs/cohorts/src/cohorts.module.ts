import { Module } from '@nestjs/common';
import { CqrsModule } from '@nestjs/cqrs';
import { AssessmentsModule } from '#assessments';
import { GetCohortStatsHandler } from './queries/get-cohort-stats.js';
import { SessionMetrics } from './session-metrics.js';

@Module({
  imports: [CqrsModule, AssessmentsModule],
  providers: [GetCohortStatsHandler, SessionMetrics],
  exports: [SessionMetrics],
})
export class CohortsModule {}
