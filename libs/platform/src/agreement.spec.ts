import { describe, expect, it } from '@jest/globals';
import { agreementOf, type Pair, quadraticWeightedKappa } from './agreement.js';

const pairs = (...numbers: readonly (readonly [judge: number, human: number])[]): Pair[] =>
  numbers.map(([judge, human]) => ({ judge, human }));

/** The textbook form: observed and expected tables over the levels, weighted by the square of their distance. */
const byTables = (given: readonly Pair[]): number => {
  const levels = [...new Set(given.flatMap(({ judge, human }) => [judge, human]))];
  let observed = 0;
  let expected = 0;
  for (const i of levels)
    for (const j of levels) {
      const both = given.filter(({ judge, human }) => judge === i && human === j).length / given.length;
      const judged = given.filter(({ judge }) => judge === i).length / given.length;
      const human = given.filter((pair) => pair.human === j).length / given.length;
      observed += (i - j) ** 2 * both;
      expected += (i - j) ** 2 * judged * human;
    }
  return 1 - observed / expected;
};

describe('quadratic-weighted kappa', () => {
  it('is 1 where both say the same, and −1 where each says the other’s opposite', () => {
    expect(quadraticWeightedKappa(pairs([0, 0], [5, 5], [10, 10]))).toBe(1);
    expect(quadraticWeightedKappa(pairs([0, 10], [10, 0]))).toBe(-1);
  });

  it('worked by hand: variances 104 and 94, the same mean, squared differences of 10 on average', () => {
    const given = pairs([10, 10], [20, 20], [30, 25], [40, 40], [20, 25]);
    expect(quadraticWeightedKappa(given)).toBeCloseTo(1 - 10 / 198, 12);
  });

  it('worked by hand: a judge that is one point too kind everywhere', () => {
    // Variances 2/3 each, means 1 apart, every squared difference 1: 1 − 1 / (2/3 + 2/3 + 1).
    expect(quadraticWeightedKappa(pairs([2, 1], [3, 2], [4, 3]))).toBeCloseTo(1 - 1 / (7 / 3), 12);
  });

  it('is the one of the tables of levels', () => {
    const given = pairs([1, 2], [2, 2], [3, 3], [3, 4], [4, 4], [4, 4], [0, 1], [2, 4], [1, 1], [3, 2]);
    expect(quadraticWeightedKappa(given)).toBeCloseTo(byTables(given), 12);
  });

  it('is nothing where nobody’s numbers vary', () => {
    expect(quadraticWeightedKappa(pairs([3, 3], [3, 3]))).toBeNull();
  });
});

describe('agreement', () => {
  it('says nothing of fewer than five pairs but how many there are', () => {
    expect(agreementOf(pairs([1, 2], [2, 3], [3, 3], [4, 4]))).toEqual({
      n: 4,
      kappa: null,
      meanAbsoluteDifference: null,
    });
  });

  it('tells both to three decimals', () => {
    expect(agreementOf(pairs([10, 10], [20, 20], [30, 25], [40, 40], [20, 25]))).toEqual({
      n: 5,
      kappa: 0.949,
      meanAbsoluteDifference: 2,
    });
  });
});
