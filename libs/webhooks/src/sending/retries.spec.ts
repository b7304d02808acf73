import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { nextTry, TRIED_FOR_MS } from './retries.js';

/** The moments of all tries of a delivery that always fails, each made when it is due. */
const triesOf = (id: string, createdAt: number): number[] => {
  const tries = [createdAt];
  for (;;) {
    const next = nextTry({ id, createdAt }, tries.length, tries.at(-1)!);
    if (next === undefined) return tries;
    tries.push(next);
  }
};

describe('tries of a message', () => {
  it('are made over exactly a day, further and further apart, never in a crowd', () => {
    fc.assert(
      fc.property(fc.uuid(), fc.nat(), (id, createdAt) => {
        const tries = triesOf(id, createdAt);
        expect(tries.at(-1)).toBe(createdAt + TRIED_FOR_MS);
        expect(tries.length).toBeGreaterThanOrEqual(10);
        expect(tries.length).toBeLessThanOrEqual(16);
        const gaps = tries.slice(1).map((at, index) => at - tries[index]!);
        expect(gaps[0]).toBeGreaterThanOrEqual(4000);
        expect(Math.max(...gaps)).toBeLessThanOrEqual(1.2 * 6 * 3_600_000);
        expect(gaps.every((gap) => gap > 0)).toBe(true);
      }),
    );
  });

  it('are spread: a thousand that failed together come back over two seconds and more', () => {
    const next = Array.from({ length: 1000 }, (_, index) => nextTry({ id: `m-${index}`, createdAt: 0 }, 1, 0)!);
    expect(Math.max(...next) - Math.min(...next)).toBeGreaterThan(1900);
    expect(Math.min(...next)).toBeGreaterThanOrEqual(4000);
    expect(Math.max(...next)).toBeLessThanOrEqual(6000);
  });

  it('end with the one that failed when the day was over, however late it was made', () => {
    expect(nextTry({ id: 'm', createdAt: 0 }, 1, TRIED_FOR_MS)).toBeUndefined();
    expect(nextTry({ id: 'm', createdAt: 0 }, 1, TRIED_FOR_MS - 1)).toBe(TRIED_FOR_MS);
  });
});
