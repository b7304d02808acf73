import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { ActivityLedger, type LedgerEntry } from './activity.ledger.js';
import { AppendOnly } from './append-only.js';

const TYPES = ['user_message', 'ai_response', 'manual_edit'] as const;
const entry = fc.record({
  id: fc.stringMatching(/^[a-z]{1,3}$/),
  type: fc.constantFrom(...TYPES),
  gap: fc.integer({ min: 1, max: 3 }),
});
/** Grow one of the ledgers made so far: often the newest, sometimes an old one again. */
const growth = fc.array(fc.record({ from: fc.nat(), entry }), { maxLength: 60 });

/** The plain list a ledger stands for. */
type Model = readonly LedgerEntry[];

const expectSame = (ledger: ActivityLedger, model: Model) => {
  expect(ledger.length).toBe(model.length);
  expect(ledger.revisions(0, 1000)).toEqual(model.map(({ revision }) => revision));
  for (const type of TYPES) {
    const ofType = model.filter((known) => known.type === type).map(({ revision }) => revision);
    expect(ledger.count(type)).toBe(ofType.length);
    expect(ledger.revisions(0, 1000, type)).toEqual(ofType);
    expect(ledger.revisions(1, 2, type)).toEqual(ofType.slice(1, 3));
  }
  for (const id of ['a', 'b', 'ab', ...model.map((known) => known.id)])
    expect(ledger.has(id)).toBe(model.some((known) => known.id === id));
};

describe('the ledger of activities', () => {
  it('is a value: growing any of its versions leaves every other as it was', () => {
    fc.assert(
      fc.property(growth, (steps) => {
        const versions: [ActivityLedger, Model][] = [[ActivityLedger.empty, []]];
        for (const { from, entry: next } of steps) {
          const [ledger, model] = versions[from % 3 === 0 ? from % versions.length : versions.length - 1]!;
          if (ledger.has(next.id)) continue;
          const added = { id: next.id, type: next.type, revision: (model.at(-1)?.revision ?? 0) + next.gap };
          versions.push([ledger.append(added), [...model, added]]);
        }
        for (const [ledger, model] of versions) expectSame(ledger, model);
      }),
      { numRuns: 200 },
    );
  });

  it('tells where a reader goes on after a seq', () => {
    const ledger = [4, 7, 9].reduce(
      (grown, revision) => grown.append({ id: String(revision), type: 'user_message', revision }),
      ActivityLedger.empty,
    );
    expect([3, 4, 8, 9, 50].map((revision) => ledger.countThrough(revision))).toEqual([0, 1, 2, 3, 3]);
    expect([0, 2, 3].map((ordinal) => ledger.revisionAt(ordinal))).toEqual([4, 9, undefined]);
    expect(JSON.parse(JSON.stringify(ledger))[1]).toEqual({ id: '7', type: 'user_message', revision: 7 });
  });
});

describe('a list that only grows', () => {
  it('is a value: growing any of its versions leaves every other as it was', () => {
    fc.assert(
      fc.property(fc.array(fc.tuple(fc.nat(), fc.nat()), { maxLength: 40 }), (steps) => {
        const versions: [AppendOnly<number>, readonly number[]][] = [[AppendOnly.empty<number>(), []]];
        for (const [from, item] of steps) {
          const [list, model] = versions[from % versions.length]!;
          versions.push([list.append(item), [...model, item]]);
        }
        for (const [list, model] of versions) {
          expect([...list]).toEqual(model);
          expect(list.toJSON()).toEqual(model);
        }
      }),
      { numRuns: 200 },
    );
  });
});
