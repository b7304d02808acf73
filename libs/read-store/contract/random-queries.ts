import fc from 'fast-check';
import { type Condition, defineCollection, type Filter, type Query } from '#read-store';

export interface Sample {
  readonly label?: string | null;
  readonly size?: number | null;
  readonly open?: boolean | null;
  readonly since?: string | null;
  readonly rest?: unknown;
}

export const samples = defineCollection<Sample>({
  name: 'samples',
  fields: { label: 'text', size: 'number', open: 'boolean', since: 'time' },
  indexes: [['label', 'since'], ['open', 'size'], ['since']],
});

// Few values, so that random conditions meet random documents; with the corners of Unicode order among them.
const labels = ['', 'a', 'ab', 'abc', 'b', 'B', 'é', 'a\uffff', 'a\u{1f600}', '\u{10ffff}', "o'k", '%', 'a_'] as const;
const sizes = [-1.5, 0, 1, 2, 2.5, 1e15, -7] as const;
const times = ['2026-01-01T00:00:00.000Z', '2026-01-01T00:00:00.001Z', '2026-02-01T10:00:00.000Z'] as const;

const orNull = <Value>(value: fc.Arbitrary<Value>): fc.Arbitrary<Value | null> => fc.option(value, { freq: 5 });

export const documents: fc.Arbitrary<readonly Sample[]> = fc.array(
  fc.record(
    {
      label: orNull(fc.constantFrom(...labels)),
      size: orNull(fc.constantFrom(...sizes)),
      open: orNull(fc.boolean()),
      since: orNull(fc.constantFrom(...times)),
      // Through JSON once, which has no -0.
      rest: fc.jsonValue({ maxDepth: 2 }).map((value) => JSON.parse(JSON.stringify(value)) as unknown),
    },
    { requiredKeys: [] },
  ),
  { minLength: 1, maxLength: 60 },
);

const conditionOn = <Value extends string | number>(value: fc.Arbitrary<Value>): fc.Arbitrary<Condition> =>
  fc.oneof(
    orNull(value),
    fc.record({ $in: fc.array(orNull(value), { maxLength: 3 }) }),
    fc.record({ $gt: value, $lte: value }, { requiredKeys: [] }).filter(notEmpty),
    fc.record({ $gte: value, $lt: value }, { requiredKeys: [] }).filter(notEmpty),
  );

const notEmpty = (value: object): boolean => Object.keys(value).length > 0;

const conditions = {
  label: fc.oneof(conditionOn(fc.constantFrom(...labels)), fc.record({ $prefix: fc.constantFrom(...labels) })),
  size: conditionOn(fc.constantFrom(...sizes)),
  open: fc.oneof(orNull(fc.boolean()), fc.record({ $in: fc.array(orNull(fc.boolean()), { maxLength: 2 }) })),
  since: conditionOn(fc.constantFrom(...times)),
};

// Mostly one condition alone: of several at once hardly a document is left to tell right from wrong.
const fieldFilter: fc.Arbitrary<Filter> = fc
  .oneof(
    { arbitrary: fc.record({ label: conditions.label }), weight: 4 },
    { arbitrary: fc.record({ size: conditions.size }), weight: 2 },
    { arbitrary: fc.record({ open: conditions.open }), weight: 1 },
    { arbitrary: fc.record({ since: conditions.since }), weight: 2 },
    { arbitrary: fc.record(conditions, { requiredKeys: [] }), weight: 3 },
  )
  .map((filter) => filter as Filter);

const filters: fc.Arbitrary<Filter> = fc.letrec<{ filter: Filter }>((tie) => ({
  filter: fc.oneof(
    { maxDepth: 2 },
    fieldFilter,
    fc
      .record(
        { $and: fc.array(tie('filter'), { maxLength: 2 }), $or: fc.array(tie('filter'), { maxLength: 3 }) },
        { requiredKeys: [] },
      )
      .map((filter) => filter as Filter),
  ),
})).filter;

const sortKey = fc.tuple(
  fc.constantFrom('label', 'size', 'open', 'since', '_id'),
  fc.constantFrom('asc' as const, 'desc' as const),
);

export const queries: fc.Arbitrary<Query> = fc.record(
  {
    filter: filters,
    sort: fc.uniqueArray(sortKey, { maxLength: 3, selector: ([field]) => field }),
    limit: fc.integer({ min: 1, max: 70 }),
    offset: fc.integer({ min: 0, max: 20 }),
  },
  { requiredKeys: ['limit'] },
);
