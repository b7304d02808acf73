import type { Fact } from '#event-sourcing';
import type { Projection } from '#read-store';
import { sessionMetricsProjection } from './projections/session-metrics.projection.js';

export { CohortsModule } from './cohorts.module.js';
export { METRIC_DEFINITIONS, METRICS_VERSION, type MetricDefinition } from './metrics/definitions.js';
export { type CohortMetrics, type CohortStats, GetCohortStats, type Percentiles } from './queries/get-cohort-stats.js';
export { type MeasuredSession, SessionMetrics, type SessionMetricValues } from './session-metrics.js';

export const cohortsProjections: readonly Projection<Fact>[] = [sessionMetricsProjection];
