import { describe, expect, it } from '@jest/globals';
import { ConcurrentProjectionError } from '#read-store';
import type { Given } from './given.js';
import { type Sample, samples } from './random-queries.js';

export const describeDocuments = (given: Given): void => {
  describe('commits', () => {
    it('writes documents and checkpoint, and reads them back as they were', async () => {
      const build = await given.freshBuild();
      const body = {
        label: 'é\u{1f600}"\u0000\ud800',
        size: -0.1,
        rest: { deep: [1, null, { x: 'y' }], 'a.b': true },
      };
      await given.store.commit(build, [given.write('a', 7n, null, body)], 9n);
      expect(await given.store.load(build, samples.name, ['a', 'b'])).toEqual(
        new Map([['a', { id: 'a', position: 7n, body }]]),
      );
      expect(await given.store.find(build, samples, { limit: 5 })).toEqual([{ ...body, _id: 'a' }]);
      expect((await given.stateOf(build))?.checkpoint).toBe(9n);
    });

    it('keeps positions beyond what a double can tell apart', async () => {
      const build = await given.freshBuild();
      const position = 2n ** 53n + 1n;
      await given.store.commit(build, [given.write('a', position, null, {})], position);
      expect((await given.store.load(build, samples.name, ['a'])).get('a')?.position).toBe(position);
      expect((await given.stateOf(build))?.checkpoint).toBe(position);
    });

    it('never moves a checkpoint backwards', async () => {
      const build = await given.freshBuild();
      await given.store.commit(build, [], 9n);
      await given.store.commit(build, [], 4n);
      expect((await given.stateOf(build))?.checkpoint).toBe(9n);
    });

    it('replaces a document only at the position it was loaded at', async () => {
      const build = await given.freshBuild();
      await given.store.commit(build, [given.write('a', 1n, null, { size: 1 })], 1n);
      await given.store.commit(build, [given.write('a', 3n, 1n, { size: 3 })], 3n);
      for (const expected of [null, 1n, 2n]) {
        await expect(given.store.commit(build, [given.write('a', 5n, expected, { size: 5 })], 5n)).rejects.toThrow(
          ConcurrentProjectionError,
        );
      }
      await expect(given.store.commit(build, [given.write('new', 5n, 4n, {})], 5n)).rejects.toThrow(
        ConcurrentProjectionError,
      );
      expect((await given.store.load(build, samples.name, ['a'])).get('a')).toEqual({
        id: 'a',
        position: 3n,
        body: { size: 3 },
      });
    });

    it('lets one of two projectors win every document, and the other learn it', async () => {
      const build = await given.freshBuild();
      const attempts = Array.from({ length: 20 }, (_, index) =>
        given.store.commit(build, [given.write('a', BigInt(index + 1), null, { size: index + 1 })], BigInt(index + 1)),
      );
      const outcomes = await Promise.allSettled(attempts);
      const lost = outcomes.filter(({ status }) => status === 'rejected') as PromiseRejectedResult[];
      for (const { reason } of lost) expect(reason).toBeInstanceOf(ConcurrentProjectionError);
      const stored = (await given.store.load(build, samples.name, ['a'])).get('a')!;
      expect(lost).toHaveLength(19);
      expect(outcomes[Number(stored.position) - 1]?.status).toBe('fulfilled');
      expect(stored.body).toEqual({ size: Number(stored.position) });
    });

    it('takes commits of hundreds of documents, several at once', async () => {
      const builds = await Promise.all([1, 2, 3].map(() => given.freshBuild()));
      for (const expected of [null, 1n]) {
        const position = (expected ?? 0n) + 1n;
        const many = Array.from({ length: 250 }, (_, index) =>
          given.write(`d${index}`, position, expected, { size: Number(position) }),
        );
        await Promise.all(builds.map((build) => given.store.commit(build, many, position)));
      }
      for (const build of builds) expect(await given.store.count(build, samples, { size: 2 })).toBe(250);
    });

    it('leaves a document that has seen the event already, and tells: what was folded beside it may differ', async () => {
      const build = await given.freshBuild();
      await given.store.commit(build, [given.write('a', 5n, null, { size: 5 })], 5n);
      for (const write of [given.write('a', 5n, null, { size: 0 }), given.write('a', 4n, 2n, { size: 0 })])
        await expect(given.store.commit(build, [write], 5n)).rejects.toThrow(ConcurrentProjectionError);
      expect((await given.store.load(build, samples.name, ['a'])).get('a')?.body).toEqual({ size: 5 });
    });

    it('refuses a document that does not fit its declared fields, or is no JSON', async () => {
      const build = await given.freshBuild();
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
        await expect(given.store.commit(build, [given.write('a', 1n, null, body as Sample)], 1n)).rejects.toMatchObject(
          {
            code: 'invalid_document',
            details: { collection: 'samples', id: 'a' },
          },
        );
      }
      expect((await given.stateOf(build))?.checkpoint).toBe(0n);
    });
  });

  describe('gone documents', () => {
    it('are in no query and no count, but are loaded with their position', async () => {
      const build = await given.freshBuild();
      await given.store.commit(
        build,
        [given.write('a', 1n, null, { label: 'x' }), given.write('b', 1n, null, { label: 'x' })],
        1n,
      );
      await given.store.commit(build, [given.write('a', 2n, 1n, null)], 2n);
      expect(await given.ids(build, { filter: { label: 'x' } })).toEqual(['b']);
      expect(await given.ids(build, { filter: { _id: 'a' } })).toEqual([]);
      expect(await given.store.count(build, samples)).toBe(1);
      expect(await given.store.load(build, samples.name, ['a'])).toEqual(
        new Map([['a', { id: 'a', position: 2n, body: null }]]),
      );
    });

    it('resist an older event, and give way to a newer one', async () => {
      const build = await given.freshBuild();
      await given.store.commit(build, [given.write('a', 5n, null, null)], 5n);
      const back = given.store.commit(build, [given.write('a', 4n, null, { label: 'back?' })], 5n);
      await expect(back).rejects.toThrow(ConcurrentProjectionError);
      expect(await given.ids(build)).toEqual([]);
      await given.store.commit(build, [given.write('a', 6n, 5n, { label: 'anew' })], 6n);
      expect(await given.ids(build)).toEqual(['a']);
    });
  });
};
