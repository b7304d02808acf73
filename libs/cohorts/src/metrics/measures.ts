import type { MetricsState } from './metrics-state.js';

/** A quotient of whole numbers, never divided before it is shown. */
export interface Ratio {
  readonly numerator: number;
  /** At least 1. */
  readonly denominator: number;
}

/** What percentiles are given for, in the order they are shown in. */
export const RANKED = [
  'durationMs',
  'promptCount',
  'commandFailRate',
  'verifyIntensity',
  'manualEditRatio',
  'firstChangeLatencyMs',
] as const;
export type RankedMetric = (typeof RANKED)[number];

/** Null: the session says nothing about it. */
export type Measures = Readonly<Record<RankedMetric, Ratio | null>> & { readonly testsPass: boolean | null };

const whole = (value: number): Ratio => ({ numerator: value, denominator: 1 });

const ratio = (numerator: number, denominator: number): Ratio | null =>
  denominator === 0 ? null : { numerator, denominator };

const between = (start: number | null, end: MetricsState['firstChangeAt']): Ratio | null =>
  start === null || typeof end !== 'number' ? null : whole(Math.max(0, end - start));

export const measuresOf = (state: MetricsState): Measures => ({
  durationMs: between(state.taskStartedAt, state.submittedAt),
  promptCount: whole(state.prompts),
  commandFailRate: ratio(state.failedCommands, state.commands),
  verifyIntensity: ratio(state.verifications, state.bundles),
  manualEditRatio: ratio(state.candidateChanges, state.candidateChanges + state.aiChanges),
  firstChangeLatencyMs: between(state.taskStartedAt, state.firstChangeAt),
  testsPass: state.lastTest === null ? null : state.lastTest === 'passed',
});

/**
 * To compare by: a session has at most 20,000 events, so two different quotients are further apart than doubles are, and
 * equal ones are the same double.
 */
export const asNumber = (ratio: Ratio | null): number | null => (ratio ? ratio.numerator / ratio.denominator : null);
