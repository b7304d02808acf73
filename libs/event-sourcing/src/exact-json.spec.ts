import { isDeepStrictEqual } from 'node:util';
import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { exactJson } from './exact-json.js';
import { anyJson } from './testing/any-json.js';

describe('exact JSON', () => {
  it('is what JSON.stringify writes, wherever that is exact', () => {
    const value = { a: [1, 'two', null, true, { b: {} }], c: undefined, d: [undefined] };
    expect(exactJson(value)).toBe(JSON.stringify(value));
    expect(exactJson({ ...value, zero: -0 })).toBe(`${JSON.stringify(value).slice(0, -1)},"zero":-0}`);
  });

  it('parses back to the same value', () => {
    fc.assert(
      fc.property(anyJson, (value) => {
        // Jest's own comparison stumbles over an own property called constructor.
        expect(isDeepStrictEqual(JSON.parse(exactJson(value)), value)).toBe(true);
      }),
      { numRuns: 500 },
    );
  });

  it('keeps -0 and the order of keys', () => {
    const value = JSON.parse('{"z":-0,"a":{"10":1,"b":[0,-0]},"__proto__":{"x":-0}}');
    const again = JSON.parse(exactJson(value));
    expect(Object.is(again.z, -0)).toBe(true);
    expect(Object.is(again.a.b[1], -0)).toBe(true);
    expect(exactJson(again)).toBe(exactJson(value));
    expect(Object.keys(again)).toEqual(['z', 'a', '__proto__']);
  });

  it('writes what is nested deeper than any stack', () => {
    const deep = `${'[{"a":'.repeat(100_000)}-0${'}]'.repeat(100_000)}`;
    expect(exactJson(JSON.parse(deep))).toBe(deep);
  });
});
