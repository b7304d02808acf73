/** What several runs of one judge over the same work come to. */
export interface Agreement {
  readonly median: number | null;
  readonly spread: number | null;
  readonly attention: boolean;
  /** Which run stands for all: the one nearest the median. */
  readonly representative: number;
}

export const medianOf = (values: readonly number[]): number | null => {
  if (values.length === 0) return null;
  const sorted = [...values].sort((a, b) => a - b);
  const middle = sorted.length >> 1;
  return sorted.length % 2 === 1 ? sorted[middle]! : (sorted[middle - 1]! + sorted[middle]!) / 2;
};

/**
 * The median of the runs that gave a score; none when most of them gave none.
 * @param runs in points @param bound largest spread in points that needs nobody's attention
 */
export const agreementOf = (runs: readonly (number | null)[], bound: number): Agreement => {
  const scores = runs.filter((score): score is number => score !== null);
  const abstained = runs.length - scores.length;
  const median = scores.length > abstained ? medianOf(scores) : null;
  const spread = scores.length === 0 ? null : Math.max(...scores) - Math.min(...scores);
  const attention = (abstained > 0 && scores.length > 0) || (spread !== null && spread > bound + 1e-9);
  const distance = (score: number | null): number =>
    median === null ? (score === null ? 0 : 1) : score === null ? Number.POSITIVE_INFINITY : Math.abs(score - median);
  const representative = runs.reduce<number>(
    (best, score, at) => (distance(score) < distance(runs[best]!) ? at : best),
    0,
  );
  return { median, spread, attention, representative };
};
