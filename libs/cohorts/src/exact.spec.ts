import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { type ExactSum, plus, rounded, roundedMean } from './exact.js';

describe('exact sums', () => {
  it.each([
    [0n, 7n, 0],
    [1n, 2n, 0.5],
    [1n, 3n, 0.333],
    [2n, 3n, 0.667],
    [5n, 10_000n, 0.001],
    [49_999n, 100_000_000n, 0],
    [8n, 11n, 0.727],
  ])('%d / %d is %d, half up', (numerator, denominator, shown) => {
    expect(rounded(numerator, denominator, 3)).toBe(shown);
  });

  it('round exactly where floating point does not know which side it is on', () => {
    // 1.0005 as a double is a little less, and 0.1 + 0.2 a little more.
    expect(rounded(10_005n, 10_000n, 3)).toBe(1.001);
    const sum = [plus({}, 1, 10)].map((one) => plus(one, 2, 10))[0]!;
    expect(roundedMean(sum, 200, 3)).toBe(0.002);
  });

  const quotients = fc.array(fc.tuple(fc.nat(50), fc.integer({ min: 1, max: 50 })), { minLength: 1, maxLength: 30 });
  const sumOf = (list: readonly (readonly [number, number])[], from: ExactSum = {}) =>
    list.reduce<ExactSum>((sum, [numerator, denominator]) => plus(sum, numerator, denominator), from);

  it('are the same in any order, and after anything came and went', () => {
    fc.assert(
      fc.property(quotients, quotients, (stay, pass) => {
        const there = sumOf(stay, sumOf(pass));
        const gone = pass.reduce<ExactSum>(
          (sum, [numerator, denominator]) => plus(sum, -numerator, denominator),
          there,
        );
        expect(gone).toEqual(sumOf(stay.toReversed()));
      }),
    );
  });

  it('have the mean that plain division comes close to', () => {
    fc.assert(
      fc.property(quotients, (list) => {
        const plain = list.reduce((sum, [numerator, denominator]) => sum + numerator / denominator, 0) / list.length;
        expect(Math.abs(roundedMean(sumOf(list), list.length, 3) - plain)).toBeLessThanOrEqual(0.000_500_1);
      }),
    );
  });
});
