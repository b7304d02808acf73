import { type IQueryHandler, Query, QueryHandler } from '@nestjs/cqrs';
import { Assessments } from '#assessments';
import { notFound, VerbatimError } from '#platform';
import { type Condition, ReadModels } from '#read-store';
import type { MetricSum } from '../cohort-sums.js';
import { rounded, roundedMean } from '../exact.js';
import { RANKED, type RankedMetric } from '../metrics/measures.js';
import {
  type CohortEntry,
  cohortId,
  cohorts,
  type SessionMetricsEntry,
  sessionMetrics,
} from '../projections/session-metrics.projection.js';

export interface CohortMetrics {
  readonly avgDurationMs: number | null;
  readonly avgPromptCount: number | null;
  readonly avgCommandFailRate: number | null;
  readonly avgVerifyIntensity: number | null;
  readonly avgManualEditRatio: number | null;
  readonly avgFirstChangeLatencyMs: number | null;
  readonly testPassRate: number | null;
}

export type Percentiles = Readonly<Record<RankedMetric, number | null>>;

export interface CohortStats {
  readonly sessionCount: number;
  readonly metrics: CohortMetrics;
  /** Absent when no session was asked for; null when it is not in the cohort, or alone in it. */
  readonly percentiles?: Percentiles | null;
}

/** Of the submitted sessions of an assessment; null when there are none. */
export class GetCohortStats extends Query<CohortStats | null> {
  constructor(
    readonly orgId: string,
    readonly assessmentId: string,
    readonly sessionId?: string,
  ) {
    super();
  }
}

/** Each takes milliseconds, and a cohort changes when somebody submits. */
const ATTEMPTS = 10;

@QueryHandler(GetCohortStats)
export class GetCohortStatsHandler implements IQueryHandler<GetCohortStats> {
  constructor(
    private readonly models: ReadModels,
    private readonly assessments: Assessments,
  ) {}

  /** @throws VerbatimError not_found for an assessment or a session that is not there, or not of this assessment */
  async execute({ orgId, assessmentId, sessionId }: GetCohortStats): Promise<CohortStats | null> {
    if (!(await this.assessments.find(orgId, assessmentId))) throw notFound('assessment');
    const id = cohortId(orgId, assessmentId);
    for (let attempt = 0; attempt < ATTEMPTS; attempt += 1) {
      const session = sessionId === undefined ? undefined : await this.session(orgId, assessmentId, sessionId);
      const cohort = await this.models.get(cohorts, id);
      if (!cohort?.sessionCount) return null;
      const stats = { sessionCount: cohort.sessionCount, metrics: metricsOf(cohort) };
      if (!session) return stats;
      if (session.cohort === null || cohort.sessionCount < 2) return { ...stats, percentiles: null };
      const percentiles = await this.percentiles(session, cohort);
      // Sums and ranks of one and the same cohort: who came in between is counted in both or in none.
      if ((await this.models.get(cohorts, id))?.changes === cohort.changes) return { ...stats, percentiles };
    }
    throw new VerbatimError('busy', 'The cohort changes faster than it can be counted; ask again in a moment.', {
      retryAfter: 1,
    });
  }

  private async session(orgId: string, assessmentId: string, sessionId: string): Promise<SessionMetricsEntry> {
    const found = await this.models.get(sessionMetrics, sessionId);
    if (found?.orgId !== orgId || found.assessmentId !== assessmentId) throw notFound('session');
    return found;
  }

  private async percentiles(session: SessionMetricsEntry, cohort: CohortEntry): Promise<Percentiles> {
    const ranks = await Promise.all(
      RANKED.map(async (metric) => [metric, await this.percentile(metric, session, cohort.metrics[metric])]),
    );
    return Object.fromEntries(ranks) as Percentiles;
  }

  /** Others beaten, of all others that have the metric: ties are not beaten, so the session itself never counts. */
  private async percentile(
    metric: RankedMetric,
    session: SessionMetricsEntry,
    { count, sum }: MetricSum,
  ): Promise<number | null> {
    const own = session[metric];
    if (own === null || count < 2) return null;
    const within = (range: Condition) => this.models.count(sessionMetrics, { cohort: session.cohort, [metric]: range });
    const lower = LOWER_IS_BETTER.has(metric);
    // Counting walks along the index: of those beaten and those not, the fewer are as a rule on the far side of the mean.
    const countsBeaten = own > roundedMean(sum, count, 3) === lower;
    const beaten = countsBeaten
      ? await within(lower ? { $gt: own } : { $lt: own })
      : count - (await within(lower ? { $lte: own } : { $gte: own }));
    return rounded(BigInt(beaten), BigInt(count - 1), 3);
  }
}

/** As the reference has it: higher is better for all metrics except this one. */
const LOWER_IS_BETTER: ReadonlySet<RankedMetric> = new Set(['commandFailRate']);

const metricsOf = ({ metrics, tested, passing }: CohortEntry): CohortMetrics => {
  const mean = (metric: RankedMetric, decimals: number): number | null => {
    const { count, sum } = metrics[metric];
    return count === 0 ? null : roundedMean(sum, count, decimals);
  };
  return {
    avgDurationMs: mean('durationMs', 0),
    avgPromptCount: mean('promptCount', 3),
    avgCommandFailRate: mean('commandFailRate', 3),
    avgVerifyIntensity: mean('verifyIntensity', 3),
    avgManualEditRatio: mean('manualEditRatio', 3),
    avgFirstChangeLatencyMs: mean('firstChangeLatencyMs', 0),
    testPassRate: tested === 0 ? null : rounded(100n * BigInt(passing), BigInt(tested), 0),
  };
};
