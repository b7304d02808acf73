import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import {
  ConcurrentProjectionError,
  type DocumentWrite,
  type Filter,
  type ProjectionBuild,
  type Query,
  type ReadStore,
} from '#read-store';
import { naiveQuery } from './naive-query.js';
import { documents, queries, type Sample, samples } from './random-queries.js';

export interface StoreUnderTest {
  readonly store: ReadStore;
  /** Frees what the store was made on. */
  dispose(): Promise<void>;
}

/** The rules of the read store's port; every implementation runs them. */
export const describeReadStoreContract = (name: string, make: () => Promise<StoreUnderTest>): void => {
  describe(`${name} keeps the rules of a read store`, () => {
    let store: ReadStore;
    let dispose: () => Promise<void>;
    let builds = 0;

    beforeAll(async () => ({ store, dispose } = await make()));
    afterAll(async () => {
      await store.close();
      await dispose();
    });

    /** A build of its own for each test: they share one store, as projections do. */
    const freshBuild = async (): Promise<ProjectionBuild> => {
      builds += 1;
      const build = { name: `case_${builds}`, version: 1, build: 1 };
      await store.prepare(build, [samples]);
      return build;
    };

    const write = (id: string, position: bigint, expected: bigint | null, body: Sample | null): DocumentWrite => ({
      collection: samples.name,
      id,
      position,
      expected,
      body,
    });

    const stateOf = async (build: ProjectionBuild) =>
      (await store.builds()).find((one) => one.name === build.name && one.build === build.build);

    const ids = async (build: ProjectionBuild, query: Partial<Query> = {}) =>
      (await store.find(build, samples, { limit: 100, ...query })).map(({ _id }) => _id);

    describe('builds', () => {
      it('begins a build at nothing, building', async () => {
        const build = await freshBuild();
        expect(await stateOf(build)).toEqual({
          ...build,
          collections: [samples],
          state: 'building',
          stoppedReason: null,
          checkpoint: 0n,
        });
      });

      it('prepares again without losing anything', async () => {
        const build = await freshBuild();
        await store.commit(build, [write('a', 3n, null, { label: 'kept' })], 3n);
        await store.setState(build, 'live');
        expect(await store.prepare(build, [samples])).toMatchObject({ state: 'live', checkpoint: 3n });
        expect(await ids(build)).toEqual(['a']);
      });

      it('refuses other fields under the same build', async () => {
        const build = await freshBuild();
        const changed = { ...samples, fields: { ...samples.fields, label: 'number' as const } };
        await expect(store.prepare(build, [changed])).rejects.toMatchObject({ code: 'invalid_projection' });
      });

      it.each(['', 'Upper', '1st', 'a"b', 'a; DROP TABLE builds', 'ä'])('refuses the name %j', async (wrong) => {
        const one = { name: 'fine', version: 1, build: 1 };
        const refused = { code: 'invalid_projection' };
        await expect(store.prepare({ ...one, name: wrong }, [samples])).rejects.toMatchObject(refused);
        await expect(store.prepare(one, [{ ...samples, name: wrong }])).rejects.toMatchObject(refused);
        const spec = { ...samples, indexes: [[wrong]] };
        await expect(store.prepare(one, [spec])).rejects.toMatchObject(refused);
      });

      it('keeps builds and versions side by side, each with its own documents', async () => {
        const first = await freshBuild();
        const rebuilt = { ...first, build: 2 };
        const next = { ...first, version: 2 };
        for (const build of [rebuilt, next]) await store.prepare(build, [samples]);
        await store.commit(first, [write('old', 1n, null, {})], 1n);
        await store.commit(rebuilt, [write('new', 1n, null, {})], 1n);
        expect(await Promise.all([first, rebuilt, next].map((build) => ids(build)))).toEqual([['old'], ['new'], []]);
      });

      it('retires the others when one goes live', async () => {
        const first = await freshBuild();
        const second = { ...first, build: 2 };
        await store.prepare(second, [samples]);
        await store.setState(first, 'live');
        await store.setState(second, 'live');
        expect((await stateOf(first))?.state).toBe('retired');
        expect((await stateOf(second))?.state).toBe('live');
      });

      it('keeps why a build stopped, until it goes on', async () => {
        const build = await freshBuild();
        await store.setState(build, 'stopped', 'an event it cannot take');
        expect(await stateOf(build)).toMatchObject({ state: 'stopped', stoppedReason: 'an event it cannot take' });
        await store.setState(build, 'building');
        expect(await stateOf(build)).toMatchObject({ state: 'building', stoppedReason: null });
      });

      it('drops a build with all it has, and only that, as often as asked', async () => {
        const kept = await freshBuild();
        const dropped = { ...kept, build: 2 };
        await store.prepare(dropped, [samples]);
        const many = Array.from({ length: 2_500 }, (_, index) => write(`d${index}`, 1n, null, { size: index }));
        await store.commit(dropped, many, 1n);
        await store.quarantine(dropped, { stream: 's-1', position: 1n, reason: 'poison' });
        await store.commit(kept, [write('a', 1n, null, {})], 1n);
        await store.drop(dropped);
        await store.drop(dropped);
        expect(await stateOf(dropped)).toBeUndefined();
        expect(await ids(kept)).toEqual(['a']);
        const unknown = { code: 'unknown_build' };
        await expect(store.find(dropped, samples, { limit: 1 })).rejects.toMatchObject(unknown);
        await expect(store.commit(dropped, [], 2n)).rejects.toMatchObject(unknown);
        await expect(store.setState(dropped, 'live')).rejects.toMatchObject(unknown);
        await store.prepare(dropped, [samples]);
        expect(await store.quarantined(dropped)).toEqual([]);
        expect(await ids(dropped)).toEqual([]);
      });
    });

    describe('commits', () => {
      it('writes documents and checkpoint, and reads them back as they were', async () => {
        const build = await freshBuild();
        const body = {
          label: 'é\u{1f600}"\u0000\ud800',
          size: -0.1,
          rest: { deep: [1, null, { x: 'y' }], 'a.b': true },
        };
        await store.commit(build, [write('a', 7n, null, body)], 9n);
        expect(await store.load(build, samples.name, ['a', 'b'])).toEqual(
          new Map([['a', { id: 'a', position: 7n, body }]]),
        );
        expect(await store.find(build, samples, { limit: 5 })).toEqual([{ ...body, _id: 'a' }]);
        expect((await stateOf(build))?.checkpoint).toBe(9n);
      });

      it('keeps positions beyond what a double can tell apart', async () => {
        const build = await freshBuild();
        const position = 2n ** 53n + 1n;
        await store.commit(build, [write('a', position, null, {})], position);
        expect((await store.load(build, samples.name, ['a'])).get('a')?.position).toBe(position);
        expect((await stateOf(build))?.checkpoint).toBe(position);
      });

      it('never moves a checkpoint backwards', async () => {
        const build = await freshBuild();
        await store.commit(build, [], 9n);
        await store.commit(build, [], 4n);
        expect((await stateOf(build))?.checkpoint).toBe(9n);
      });

      it('replaces a document only at the position it was loaded at', async () => {
        const build = await freshBuild();
        await store.commit(build, [write('a', 1n, null, { size: 1 })], 1n);
        await store.commit(build, [write('a', 3n, 1n, { size: 3 })], 3n);
        for (const expected of [null, 1n, 2n]) {
          await expect(store.commit(build, [write('a', 5n, expected, { size: 5 })], 5n)).rejects.toThrow(
            ConcurrentProjectionError,
          );
        }
        await expect(store.commit(build, [write('new', 5n, 4n, {})], 5n)).rejects.toThrow(ConcurrentProjectionError);
        expect((await store.load(build, samples.name, ['a'])).get('a')).toEqual({
          id: 'a',
          position: 3n,
          body: { size: 3 },
        });
      });

      it('lets one of two projectors win every document, and the other learn it', async () => {
        const build = await freshBuild();
        const attempts = Array.from({ length: 20 }, (_, index) =>
          store.commit(build, [write('a', BigInt(index + 1), null, { size: index + 1 })], BigInt(index + 1)),
        );
        const outcomes = await Promise.allSettled(attempts);
        const lost = outcomes.filter(({ status }) => status === 'rejected') as PromiseRejectedResult[];
        for (const { reason } of lost) expect(reason).toBeInstanceOf(ConcurrentProjectionError);
        const stored = (await store.load(build, samples.name, ['a'])).get('a')!;
        // Who came later with an older position found the document past it: that is no loss.
        expect(outcomes[Number(stored.position) - 1]?.status).toBe('fulfilled');
        expect(stored.body).toEqual({ size: Number(stored.position) });
      });

      it('leaves a document that has seen the event already', async () => {
        const build = await freshBuild();
        await store.commit(build, [write('a', 5n, null, { size: 5 })], 5n);
        await store.commit(build, [write('a', 5n, null, { size: 0 }), write('a', 4n, 2n, { size: 0 })], 5n);
        expect((await store.load(build, samples.name, ['a'])).get('a')?.body).toEqual({ size: 5 });
      });

      it('refuses a document that does not fit its declared fields, or is no JSON', async () => {
        const build = await freshBuild();
        const wrong: readonly object[] = [
          { label: 5 },
          { size: '5' },
          { size: Number.NaN },
          { open: 1 },
          { since: '2026-01-01' },
          { since: '2026-01-01T00:00:00Z' },
          { rest: 5n },
        ];
        for (const body of wrong) {
          await expect(store.commit(build, [write('a', 1n, null, body as Sample)], 1n)).rejects.toMatchObject({
            code: 'invalid_document',
            details: { collection: 'samples', id: 'a' },
          });
        }
        expect((await stateOf(build))?.checkpoint).toBe(0n);
      });
    });

    describe('gone documents', () => {
      it('are in no query and no count, but are loaded with their position', async () => {
        const build = await freshBuild();
        await store.commit(build, [write('a', 1n, null, { label: 'x' }), write('b', 1n, null, { label: 'x' })], 1n);
        await store.commit(build, [write('a', 2n, 1n, null)], 2n);
        expect(await ids(build, { filter: { label: 'x' } })).toEqual(['b']);
        expect(await ids(build, { filter: { _id: 'a' } })).toEqual([]);
        expect(await store.count(build, samples)).toBe(1);
        expect(await store.load(build, samples.name, ['a'])).toEqual(
          new Map([['a', { id: 'a', position: 2n, body: null }]]),
        );
      });

      it('resist an older event, and give way to a newer one', async () => {
        const build = await freshBuild();
        await store.commit(build, [write('a', 5n, null, null)], 5n);
        await store.commit(build, [write('a', 4n, null, { label: 'back?' })], 5n);
        expect(await ids(build)).toEqual([]);
        await store.commit(build, [write('a', 6n, 5n, { label: 'anew' })], 6n);
        expect(await ids(build)).toEqual(['a']);
      });
    });

    describe('quarantine', () => {
      it('is kept per build, from the lowest position, with its reason', async () => {
        const build = await freshBuild();
        await store.quarantine(build, { stream: 's-2', position: 9n, reason: 'later' });
        await store.quarantine(build, { stream: 's-2', position: 4n, reason: 'first' });
        await store.quarantine(build, { stream: 's-2', position: 6n, reason: 'later again' });
        expect(await store.quarantined(build)).toEqual([{ stream: 's-2', position: 4n, reason: 'first' }]);
      });

      it('shows stale documents with their mark', async () => {
        const build = await freshBuild();
        await store.commit(build, [{ ...write('a', 1n, null, { label: 'x' }), stale: true }], 1n);
        expect(await store.find(build, samples, { limit: 1 })).toEqual([{ label: 'x', _id: 'a', _stale: true }]);
        expect((await store.load(build, samples.name, ['a'])).get('a')?.stale).toBe(true);
      });
    });

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
        const build = await freshBuild();
        const asked = { limit: 1, ...(query as Partial<Query>) };
        await expect(store.page(build, samples, asked)).rejects.toMatchObject({ code: 'invalid_query' });
      });

      it('counts all that match, also beyond the page', async () => {
        const build = await freshBuild();
        const many = Array.from({ length: 30 }, (_, index) => write(`d${index}`, 1n, null, { size: index % 3 }));
        await store.commit(build, many, 1n);
        const filter: Filter = { size: { $gte: 1 } };
        expect((await store.page(build, samples, { filter, limit: 5 })).total).toBe(20);
        expect((await store.page(build, samples, { filter, limit: 5, offset: 18 })).total).toBe(20);
        expect((await store.page(build, samples, { filter, limit: 5, offset: 50 })).total).toBe(20);
        expect(await store.count(build, samples, filter)).toBe(20);
      });

      it('answers random queries over random documents like the plainest evaluator', async () => {
        await fc.assert(
          fc.asyncProperty(documents, fc.array(queries, { minLength: 1, maxLength: 25 }), async (bodies, asked) => {
            const build = await freshBuild();
            const rows = bodies.map((body, index) => ({ ...body, _id: `d${String(index * 7919).padStart(2, '0')}` }));
            const writes = rows.map(({ _id, ...body }) => write(_id, 1n, null, body));
            await store.commit(build, writes, 1n);
            for (const query of asked) {
              const expected = naiveQuery(rows, query);
              expect(await store.page(build, samples, query)).toEqual(expected);
              expect(await store.count(build, samples, query.filter)).toBe(expected.total);
            }
            await store.drop(build);
          }),
          { numRuns: 60 },
        );
      });
    });

    it('answers nothing after it was closed', async () => {
      const other = await make();
      await other.store.close();
      await expect(other.store.builds()).rejects.toMatchObject({ code: 'unavailable' });
      await other.dispose();
    });
  });
};
