import type { Fraction, NaiveMetrics } from './naive-metrics.js';

const RANKED = [
  'durationMs',
  'promptCount',
  'commandFailRate',
  'verifyIntensity',
  'manualEditRatio',
  'firstChangeLatencyMs',
] as const;
type Ranked = (typeof RANKED)[number];

/** Half up; nothing here is negative. */
const shown = ([numerator, denominator]: Fraction, decimals: number): number => {
  const scale = 10n ** BigInt(decimals);
  const twice = 2n * numerator * scale;
  return Number((twice + denominator) / (2n * denominator)) / Number(scale);
};

const add = ([a, b]: Fraction, [c, d]: Fraction): Fraction => shortened([a * d + c * b, b * d]);

const shortened = ([numerator, denominator]: Fraction): Fraction => {
  let [a, b] = [numerator, denominator];
  while (b !== 0n) [a, b] = [b, a % b];
  return [numerator / a, denominator / a];
};

const isLess = ([a, b]: Fraction, [c, d]: Fraction): boolean => a * d < c * b;

const known = (cohort: readonly NaiveMetrics[], metric: Ranked): readonly Fraction[] =>
  cohort.flatMap((session) => (session[metric] ? [session[metric]] : []));

const mean = (values: readonly Fraction[], decimals: number): number | null => {
  if (values.length === 0) return null;
  const [numerator, denominator] = values.reduce(add);
  return shown([numerator, denominator * BigInt(values.length)], decimals);
};

/** V8's answer without percentiles, computed from all sessions of the cohort at once. */
export const naiveStats = (cohort: readonly NaiveMetrics[]): object | null => {
  if (cohort.length === 0) return null;
  const tested = cohort.filter(({ lastTestPassed }) => lastTestPassed !== null);
  const passing = tested.filter(({ lastTestPassed }) => lastTestPassed);
  return {
    sessionCount: cohort.length,
    metrics: {
      avgDurationMs: mean(known(cohort, 'durationMs'), 0),
      avgPromptCount: mean(known(cohort, 'promptCount'), 3),
      avgCommandFailRate: mean(known(cohort, 'commandFailRate'), 3),
      avgVerifyIntensity: mean(known(cohort, 'verifyIntensity'), 3),
      avgManualEditRatio: mean(known(cohort, 'manualEditRatio'), 3),
      avgFirstChangeLatencyMs: mean(known(cohort, 'firstChangeLatencyMs'), 0),
      testPassRate: tested.length ? shown([100n * BigInt(passing.length), BigInt(tested.length)], 0) : null,
    },
  };
};

/** The percentiles of one of the cohort; null when it is alone in it. */
export const naivePercentiles = (session: NaiveMetrics, cohort: readonly NaiveMetrics[]): object | null => {
  if (cohort.length < 2) return null;
  const of = (metric: Ranked): number | null => {
    const own = session[metric];
    const all = known(cohort, metric);
    if (!own || all.length < 2) return null;
    const beaten = all.filter((one) => (metric === 'commandFailRate' ? isLess(own, one) : isLess(one, own)));
    return shown([BigInt(beaten.length), BigInt(all.length - 1)], 3);
  };
  return Object.fromEntries(RANKED.map((metric) => [metric, of(metric)]));
};
