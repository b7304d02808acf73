import type { JudgedCategory, Total } from './judgement.js';

/** Points are told in hundredths and added as whole numbers: a total is the sum of what is shown, always. */
export const hundredths = (points: number): number => Math.round(points * 100);
export const inPoints = (count: number): number => count / 100;
export const roundedPoints = (points: number): number => inPoints(hundredths(points));
export const sumOf = (points: readonly number[]): number =>
  inPoints(points.reduce((sum, value) => sum + hundredths(value), 0));

/**
 * Whole hundredths that sum to the whole: what rounding leaves goes to the largest remainders, as with seats.
 * @param shares in points, summing to `whole`
 */
export const dealt = (shares: readonly number[], whole: number): number[] => {
  const floors = shares.map((share) => Math.floor(share * 100 + 1e-7));
  let left = hundredths(whole) - floors.reduce((sum, value) => sum + value, 0);
  const byRemainder = [...shares.keys()].sort(
    (a, b) => shares[b]! * 100 - floors[b]! - (shares[a]! * 100 - floors[a]!) || a - b,
  );
  for (const at of byRemainder) {
    if (left <= 0) break;
    floors[at]! += 1;
    left -= 1;
  }
  return floors.map(inPoints);
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
