import type { JudgedCategory, Total } from './judgement.js';

/** Rubrics count points in thousandths, and so are they added: as whole numbers, so that a total is the sum of what is shown. */
const THOUSAND = 1_000;

export const thousandths = (points: number): number => Math.round(points * THOUSAND);

/** Scores are told in hundredths. */
export const roundedPoints = (points: number): number => Math.round(points * 100) / 100;

export const sumOf = (points: readonly number[]): number =>
  points.reduce((sum, value) => sum + thousandths(value), 0) / THOUSAND;

/**
 * Thousandths that sum to the whole: what rounding leaves goes to the largest remainders, as with seats.
 * @param shares summing to `whole`, but for what floating point makes of it
 */
export const dealt = (shares: readonly number[], whole: number): number[] => {
  const exact = shares.map((share) => share * THOUSAND);
  const counts = exact.map((share) => Math.floor(share + 1e-6));
  let left = thousandths(whole) - counts.reduce((sum, count) => sum + count, 0);
  const byRemainder = [...shares.keys()].sort((a, b) => exact[b]! - counts[b]! - (exact[a]! - counts[a]!) || a - b);
  for (const at of byRemainder) {
    if (left <= 0) break;
    counts[at]! += 1;
    left -= 1;
  }
  return counts.map((count) => count / THOUSAND);
};

const total = (score: number, maxPoints: number): Total => ({
  score,
  maxPoints,
  percent: maxPoints === 0 ? null : roundedPoints((score / maxPoints) * 100),
});

export const totalsOf = (categories: readonly JudgedCategory[], totalPoints: number) => {
  const score = sumOf(categories.map((category) => category.score ?? 0));
  const scoredPoints = sumOf(categories.map((category) => category.scoredPoints));
  return { scored: total(score, scoredPoints), all: total(score, totalPoints) };
};
