import { type ExactSum, plus } from './exact.js';
import { type Measures, RANKED, type RankedMetric } from './metrics/measures.js';

/** A metric over the sessions that have it. */
export interface MetricSum {
  readonly count: number;
  readonly sum: ExactSum;
}

/** All that means and rates need of a cohort. */
export interface CohortSums {
  readonly sessionCount: number;
  readonly metrics: Readonly<Record<RankedMetric, MetricSum>>;
  /** Sessions that ran tests, and those of them whose last test passed. */
  readonly tested: number;
  readonly passing: number;
}

const none: MetricSum = { count: 0, sum: {} };

const forEachMetric = <Value>(of: (metric: RankedMetric) => Value): Record<RankedMetric, Value> =>
  Object.fromEntries(RANKED.map((metric) => [metric, of(metric)])) as Record<RankedMetric, Value>;

export const emptyCohort: CohortSums = { sessionCount: 0, metrics: forEachMetric(() => none), tested: 0, passing: 0 };

/** A session enters (1) or leaves (-1): one undoes the other exactly. */
export const withSession = (cohort: CohortSums, measures: Measures, sign: 1 | -1): CohortSums => {
  const { testsPass } = measures;
  return {
    sessionCount: cohort.sessionCount + sign,
    metrics: forEachMetric((metric) => {
      const before = cohort.metrics[metric];
      const measure = measures[metric];
      if (!measure) return before;
      return { count: before.count + sign, sum: plus(before.sum, sign * measure.numerator, measure.denominator) };
    }),
    tested: cohort.tested + (testsPass === null ? 0 : sign),
    passing: cohort.passing + (testsPass === true ? sign : 0),
  };
};
