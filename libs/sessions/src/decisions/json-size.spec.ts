import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { jsonBytes, jsonBytesAtMost, jsonFits } from './json-size.js';

describe('the size of a value as JSON', () => {
  it('is never more than the cheap bound says', () => {
    fc.assert(
      fc.property(fc.jsonValue({ stringUnit: 'binary' }), (value) => {
        expect(jsonBytesAtMost(value)).toBeGreaterThanOrEqual(jsonBytes(value));
      }),
      { numRuns: 500 },
    );
    for (const value of [-Number.MAX_VALUE, -1.234567890123456e-300, '\u0000\ud800', [], {}, [[], {}], [null, false]])
      expect(jsonBytesAtMost(value)).toBeGreaterThanOrEqual(jsonBytes(value));
  });

  it('is counted exactly where the bound does not decide', () => {
    const text = 'a'.repeat(100);
    expect([jsonFits(text, 102), jsonFits(text, 101)]).toEqual([true, false]);
  });
});
