/** How far a judge and humans agree about the same work. Pure arithmetic: nothing here knows where the numbers come from. */

/** One piece of work, scored by both. */
export interface Pair {
  readonly judge: number;
  readonly human: number;
}

export interface Agreement {
  readonly n: number;
  /** 1: the same everywhere; 0: no more than chance; below: less. Null: too few pairs, or nobody's numbers vary. */
  readonly kappa: number | null;
  /** In points. Null: too few pairs. */
  readonly meanAbsoluteDifference: number | null;
}

/** Of fewer pairs than this nothing is said: a single human's taste would pass for a measurement. */
export const SMALLEST_SAMPLE = 5;

export const agreementOf = (pairs: readonly Pair[]): Agreement => {
  const n = pairs.length;
  if (n < SMALLEST_SAMPLE) return { n, kappa: null, meanAbsoluteDifference: null };
  const kappa = quadraticWeightedKappa(pairs);
  return {
    n,
    kappa: kappa === null ? null : thousandths(kappa),
    meanAbsoluteDifference: thousandths(mean(pairs.map(({ judge, human }) => Math.abs(judge - human)))),
  };
};

/**
 * Quadratic-weighted kappa: 1 − (mean squared difference of the pairs) / (mean squared difference of every judge's number
 * with every human's number, the pairs taken apart). With quadratic weights that is the kappa of the table of levels,
 * whatever the levels are: points need not be sorted into bins first. The second mean is the two variances and the square
 * of the difference of the two means; null when it is 0.
 */
export const quadraticWeightedKappa = (pairs: readonly Pair[]): number | null => {
  const judged = pairs.map(({ judge }) => judge);
  const human = pairs.map((pair) => pair.human);
  const byChance = variance(judged) + variance(human) + (mean(judged) - mean(human)) ** 2;
  if (byChance === 0) return null;
  return 1 - mean(pairs.map((pair) => (pair.judge - pair.human) ** 2)) / byChance;
};

const mean = (values: readonly number[]): number => values.reduce((sum, value) => sum + value, 0) / values.length;

const variance = (values: readonly number[]): number => {
  const middle = mean(values);
  return mean(values.map((value) => (value - middle) ** 2));
};

const thousandths = (value: number): number => Math.round(value * 1000) / 1000;
