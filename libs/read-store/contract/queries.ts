import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import type { Filter, Query } from '#read-store';
import type { Given } from './given.js';
import { naiveQuery } from './naive-query.js';
import { documents, queries, samples } from './random-queries.js';

export const describeQueries = (given: Given): void => {
  describe('queries', () => {
    it.each<[string, unknown]>([
      ['a field it does not declare', { filter: { rest: 1 } }],
      ['a field named like SQL', { filter: { 'label" = 1 OR 1=1 --': 1 } }],
      ['an unknown sort field', { sort: [['rest', 'asc']] }],
      ['an unknown direction', { sort: [['label', 'up']] }],
      ['an unknown operator', { filter: { label: { $regex: 'x' } } }],
      ['an operator of Object', { filter: { label: { toString: 'x' } } }],
      ['an empty condition', { filter: { label: {} } }],
      ['a forgotten value', { filter: { label: undefined } }],
      ['a value of another type', { filter: { size: '1' } }],
      ['a list value of another type', { filter: { label: { $in: [1] } } }],
      ['a range on null', { filter: { size: { $gt: null } } }],
      ['a prefix of a number', { filter: { size: { $prefix: '1' } } }],
      ['a limit of nothing', { limit: 0 }],
      ['a negative offset', { offset: -1 }],
      ['a fraction of an offset', { offset: 0.5 }],
    ])('refuses %s', async (_, query) => {
      const build = await given.freshBuild();
      const asked = { limit: 1, ...(query as Partial<Query>) };
      await expect(given.store.page(build, samples, asked)).rejects.toMatchObject({ code: 'invalid_query' });
    });

    it('counts all that match, also beyond the page', async () => {
      const build = await given.freshBuild();
      const many = Array.from({ length: 30 }, (_, index) => given.write(`d${index}`, 1n, null, { size: index % 3 }));
      await given.store.commit(build, many, 1n);
      const filter: Filter = { size: { $gte: 1 } };
      expect((await given.store.page(build, samples, { filter, limit: 5 })).total).toBe(20);
      expect((await given.store.page(build, samples, { filter, limit: 5, offset: 18 })).total).toBe(20);
      expect((await given.store.page(build, samples, { filter, limit: 5, offset: 50 })).total).toBe(20);
      expect(await given.store.count(build, samples, filter)).toBe(20);
    });

    it('answers random queries over random documents like the plainest evaluator', async () => {
      await fc.assert(
        fc.asyncProperty(documents, fc.array(queries, { minLength: 1, maxLength: 15 }), async (bodies, asked) => {
          const build = await given.freshBuild();
          const rows = bodies.map((body, index) => ({ ...body, _id: `d${String(index * 7919).padStart(2, '0')}` }));
          const writes = rows.map(({ _id, ...body }) => given.write(_id, 1n, null, body));
          await given.store.commit(build, writes, 1n);
          for (const query of asked) {
            const expected = naiveQuery(rows, query);
            expect(await given.store.page(build, samples, query)).toEqual(expected);
            expect(await given.store.count(build, samples, query.filter)).toBe(expected.total);
          }
          await given.store.drop(build);
        }),
        { numRuns: 60 },
      );
    });
  });
};
