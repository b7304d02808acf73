import { describe, expect, it } from '@jest/globals';
import type { Given } from './given.js';
import { samples } from './random-queries.js';

export const describeBuilds = (given: Given): void => {
  describe('builds', () => {
    it('begins a build at nothing, building', async () => {
      const build = await given.freshBuild();
      expect(await given.stateOf(build)).toEqual({
        ...build,
        collections: [samples],
        state: 'building',
        stoppedReason: null,
        checkpoint: 0n,
      });
    });

    it('prepares again without losing anything', async () => {
      const build = await given.freshBuild();
      await given.store.commit(build, [given.write('a', 3n, null, { label: 'kept' })], 3n);
      await given.store.setState(build, 'live');
      expect(await given.store.prepare(build, [samples])).toMatchObject({ state: 'live', checkpoint: 3n });
      expect(await given.ids(build)).toEqual(['a']);
    });

    it('refuses other fields under the same build', async () => {
      const build = await given.freshBuild();
      const changed = { ...samples, fields: { ...samples.fields, label: 'number' as const } };
      await expect(given.store.prepare(build, [changed])).rejects.toMatchObject({ code: 'invalid_projection' });
    });

    it.each(['', 'Upper', '1st', 'a"b', 'a; DROP TABLE builds', 'ä'])('refuses the name %j', async (wrong) => {
      const one = { name: 'fine', version: 1, build: 1 };
      const refused = { code: 'invalid_projection' };
      await expect(given.store.prepare({ ...one, name: wrong }, [samples])).rejects.toMatchObject(refused);
      await expect(given.store.prepare(one, [{ ...samples, name: wrong }])).rejects.toMatchObject(refused);
      const spec = { ...samples, indexes: [[wrong]] };
      await expect(given.store.prepare(one, [spec])).rejects.toMatchObject(refused);
    });

    it('keeps builds and versions side by side, each with its own documents', async () => {
      const first = await given.freshBuild();
      const rebuilt = { ...first, build: 2 };
      const next = { ...first, version: 2 };
      for (const build of [rebuilt, next]) await given.store.prepare(build, [samples]);
      await given.store.commit(first, [given.write('old', 1n, null, {})], 1n);
      await given.store.commit(rebuilt, [given.write('new', 1n, null, {})], 1n);
      expect(await Promise.all([first, rebuilt, next].map((build) => given.ids(build)))).toEqual([
        ['old'],
        ['new'],
        [],
      ]);
    });

    it('retires the others of its version when one goes live', async () => {
      const first = await given.freshBuild();
      const second = { ...first, build: 2 };
      const other = { ...first, version: first.version + 1 };
      for (const build of [second, other]) await given.store.prepare(build, [samples]);
      for (const build of [first, other, second]) await given.store.setState(build, 'live');
      expect((await given.stateOf(first))?.state).toBe('retired');
      expect((await given.stateOf(other))?.state).toBe('live');
      expect((await given.stateOf(second))?.state).toBe('live');
    });

    it('loses nothing of what is said of builds of one projection at once', async () => {
      const first = await given.freshBuild();
      const second = { ...first, build: 2 };
      await given.store.prepare(second, [samples]);
      for (let round = 1n; round <= 10n; round += 1n) {
        const state = round % 2n === 0n ? 'stopped' : 'live';
        await Promise.all([
          given.store.commit(first, [], round),
          given.store.setState(first, state),
          given.store.commit(second, [], round),
          given.store.commit(first, [], round + 1n),
        ]);
        expect(await given.stateOf(first)).toMatchObject({ state, checkpoint: round + 1n });
        expect(await given.stateOf(second)).toMatchObject({ state: 'retired', checkpoint: round });
      }
    });

    it('keeps why a build stopped, until it goes on', async () => {
      const build = await given.freshBuild();
      await given.store.setState(build, 'stopped', 'an event it cannot take');
      expect(await given.stateOf(build)).toMatchObject({ state: 'stopped', stoppedReason: 'an event it cannot take' });
      await given.store.setState(build, 'building');
      expect(await given.stateOf(build)).toMatchObject({ state: 'building', stoppedReason: null });
    });

    it('drops a build with all it has, and only that, as often as asked', async () => {
      const kept = await given.freshBuild();
      const dropped = { ...kept, build: 2 };
      await given.store.prepare(dropped, [samples]);
      const many = Array.from({ length: 2_500 }, (_, index) => given.write(`d${index}`, 1n, null, { size: index }));
      await given.store.commit(dropped, many, 1n);
      await given.store.quarantine(dropped, { stream: 's-1', position: 1n, reason: 'poison' });
      await given.store.commit(kept, [given.write('a', 1n, null, {})], 1n);
      await given.store.drop(dropped);
      await given.store.drop(dropped);
      expect(await given.stateOf(dropped)).toBeUndefined();
      expect(await given.ids(kept)).toEqual(['a']);
      const unknown = { code: 'unknown_build' };
      await expect(given.store.find(dropped, samples, { limit: 1 })).rejects.toMatchObject(unknown);
      await expect(given.store.commit(dropped, [], 2n)).rejects.toMatchObject(unknown);
      await expect(given.store.setState(dropped, 'live')).rejects.toMatchObject(unknown);
      await given.store.prepare(dropped, [samples]);
      expect(await given.store.quarantined(dropped)).toEqual([]);
      expect(await given.ids(dropped)).toEqual([]);
    });
  });

  describe('quarantine', () => {
    it('is kept per build, from the lowest position, with its reason', async () => {
      const build = await given.freshBuild();
      await given.store.quarantine(build, { stream: 's-2', position: 9n, reason: 'later' });
      await given.store.quarantine(build, { stream: 's-2', position: 4n, reason: 'first' });
      await given.store.quarantine(build, { stream: 's-2', position: 6n, reason: 'later again' });
      expect(await given.store.quarantined(build)).toEqual([{ stream: 's-2', position: 4n, reason: 'first' }]);
    });

    it('shows stale documents with their mark', async () => {
      const build = await given.freshBuild();
      await given.store.commit(build, [{ ...given.write('a', 1n, null, { label: 'x' }), stale: true }], 1n);
      expect(await given.store.find(build, samples, { limit: 1 })).toEqual([{ label: 'x', _id: 'a', _stale: true }]);
      expect((await given.store.load(build, samples.name, ['a'])).get('a')?.stale).toBe(true);
    });
  });
};
