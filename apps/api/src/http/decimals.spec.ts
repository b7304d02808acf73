import { describe, expect, it } from '@jest/globals';
import { validateSync } from 'class-validator';
import { Decimals } from './fields.js';

class Points {
  @Decimals(2)
  points: unknown;
}

const isTaken = (points: unknown): boolean => validateSync(Object.assign(new Points(), { points })).length === 0;

describe('a number of few decimals', () => {
  it.each([0, -1.25, 0.1, 40, 12.34, 1e20])('may be %s', (value) => {
    expect(isTaken(value)).toBe(true);
  });

  it.each([0.001, 12.345, 5e-324, 1e-7, Number.NaN, Number.POSITIVE_INFINITY, '1', null])('may not be %s', (value) => {
    expect(isTaken(value)).toBe(false);
  });
});
