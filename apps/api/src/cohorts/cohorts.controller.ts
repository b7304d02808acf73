import { Controller, Get, Param, Query } from '@nestjs/common';
import { QueryBus } from '@nestjs/cqrs';
import { IsOptional, IsString, MaxLength } from 'class-validator';
import { type CohortStats, GetCohortStats, METRIC_DEFINITIONS, METRICS_VERSION, type MetricDefinition } from '#cohorts';
import type { KeyPrincipal } from '#platform';
import { Allow, Caller } from '../http/index.js';

export class CohortStatsQuery {
  /** Whose percentile ranks to add. */
  @IsOptional()
  @IsString()
  @MaxLength(128)
  sessionId?: string;
}

/** V8, and what its numbers mean. */
@Controller('v1')
@Allow('admin', 'reviewer', 'auditor')
export class CohortsController {
  constructor(private readonly queries: QueryBus) {}

  @Get('assessments/:assessmentId/cohort-stats')
  async cohortStats(
    @Caller() { orgId }: KeyPrincipal,
    @Param('assessmentId') assessmentId: string,
    @Query() { sessionId }: CohortStatsQuery,
  ): Promise<{ cohortStats: CohortStats | null }> {
    return { cohortStats: await this.queries.execute(new GetCohortStats(orgId, assessmentId, sessionId)) };
  }

  @Get('metrics')
  metrics(): { metricsVersion: number; metrics: readonly MetricDefinition[] } {
    return { metricsVersion: METRICS_VERSION, metrics: METRIC_DEFINITIONS };
  }
}
