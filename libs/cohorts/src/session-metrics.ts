import { Injectable } from '@nestjs/common';
import { ReadModels } from '#read-store';
import { rounded } from './exact.js';
import { type Measures, measuresOf, RANKED, type RankedMetric, type Ratio } from './metrics/measures.js';
import { sessionMetrics } from './projections/session-metrics.projection.js';

/** A session's own values of what a cohort's statistics tell means of; null: it says nothing about it. */
export type SessionMetricValues = Readonly<Record<RankedMetric, number | null>> & {
  /** 100 or 0: whether its last test run passed. */
  readonly testPassRate: number | null;
};

export interface MeasuredSession {
  readonly metrics: SessionMetricValues;
  /** Of the 33 types, late ones included. */
  readonly eventCount: number;
  readonly lastActivityAt: string | null;
}

/** Metrics of single sessions, also while they are under way. */
@Injectable()
export class SessionMetrics {
  constructor(private readonly models: ReadModels) {}

  /** Unknown ones and those of other organizations are absent. */
  async of(orgId: string, sessionIds: readonly string[]): Promise<ReadonlyMap<string, MeasuredSession>> {
    if (sessionIds.length === 0) return new Map();
    const filter = { orgId, _id: { $in: sessionIds } };
    const found = await this.models.find(sessionMetrics, { filter, limit: sessionIds.length });
    return new Map(
      found.map(({ _id, carried, eventCount, lastActivityAt }) => [
        _id,
        { metrics: valuesOf(measuresOf(carried)), eventCount, lastActivityAt },
      ]),
    );
  }
}

const valuesOf = (measures: Measures): SessionMetricValues => ({
  ...(Object.fromEntries(RANKED.map((metric) => [metric, shown(measures[metric])])) as Record<
    RankedMetric,
    number | null
  >),
  testPassRate: measures.testsPass === null ? null : measures.testsPass ? 100 : 0,
});

const shown = (ratio: Ratio | null): number | null =>
  ratio && rounded(BigInt(ratio.numerator), BigInt(ratio.denominator), 3);
