import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { VerbatimError } from '#platform';
import type { ProjectionBuild, ReadStore } from '#read-store';
import { EmbeddedReadStore } from '../embedded/index.js';
import { ProjectedReadModels } from './projected-read-models.js';
import { ProjectionBoard } from './projection-board.js';
import { accountProjection, accounts, totals } from './testing/tallies.js';

describe('read models', () => {
  const first: ProjectionBuild = { name: 'accounts', version: 1, build: 1 };
  const second: ProjectionBuild = { ...first, build: 2 };
  let store: ReadStore;
  let board: ProjectionBoard;
  let models: ProjectedReadModels;
  /** Waits longer than a busy machine takes to bring about what is waited for. */
  let patient: ProjectedReadModels;
  let acknowledged: bigint;

  beforeEach(async () => {
    acknowledged = 0n;
    store = await EmbeddedReadStore.open({ directory: ':memory:' });
    board = new ProjectionBoard();
    const options = { projections: [accountProjection], acknowledged: () => acknowledged };
    models = new ProjectedReadModels(store, board, { ...options, waitMs: 60 });
    patient = new ProjectedReadModels(store, board, { ...options, waitMs: 10_000 });
  });
  afterEach(() => store.close());

  /** A build with one document that names it. */
  const build = async (one: ProjectionBuild, state: 'building' | 'live' | 'stopped', position: bigint) => {
    const stored = await store.prepare(one, accountProjection.collections);
    const body = { word: `build ${one.build}`, sum: one.build, history: [] };
    const expected = (await store.load(one, 'accounts', ['a'])).get('a')?.position ?? null;
    await store.commit(one, [{ collection: 'accounts', id: 'a', position, expected, body }], position);
    board.report({ ...stored, state, position });
  };

  const lagging = { code: 'projection_lagging', retryAfter: 1 };

  it('answer pages, finds, documents and counts from the live build', async () => {
    await build(first, 'live', 5n);
    await build(second, 'building', 5n);
    const document = { _id: 'a', word: 'build 1', sum: 1, history: [] };
    expect(await models.page(accounts, { limit: 5 })).toEqual({ documents: [document], total: 1 });
    expect(await models.find(accounts, { limit: 5 })).toEqual([document]);
    expect(await models.get(accounts, 'a')).toEqual(document);
    expect(await models.get(accounts, 'b')).toBeUndefined();
    expect(await models.count(accounts, { sum: { $gt: 1 } })).toBe(0);
  });

  it('wait for what this process has acknowledged', async () => {
    await build(first, 'live', 5n);
    acknowledged = 6n;
    const asked = patient.count(accounts);
    setTimeout(() => board.advance(first, 6n), 10);
    expect(await asked).toBe(1);
  });

  it('wait for the position the caller knows, or for none', async () => {
    await build(first, 'live', 5n);
    acknowledged = 6n;
    expect(await models.count(accounts, {}, { after: 5n })).toBe(1);
    expect(await models.count(accounts, {}, { after: 'anything' })).toBe(1);
    await expect(models.count(accounts, {}, { after: 7n })).rejects.toMatchObject(lagging);
  });

  it('answer from the build of their own version, and from another as long as there is none', async () => {
    const other: ProjectionBuild = { name: 'accounts', version: 2, build: 9 };
    await build(other, 'live', 5n);
    expect(await models.get(accounts, 'a')).toMatchObject({ sum: 9 });
    await build(first, 'building', 5n);
    expect(await models.get(accounts, 'a')).toMatchObject({ sum: 9 });
    await build(first, 'live', 5n);
    expect(await models.get(accounts, 'a')).toMatchObject({ sum: 1 });
  });

  it('say that they lag when the time is over, not what they have', async () => {
    await build(first, 'live', 5n);
    acknowledged = 6n;
    await expect(models.get(accounts, 'a')).rejects.toMatchObject(lagging);
  });

  it('say that their store is away, and neither wait for it nor call that lagging', async () => {
    await build(first, 'live', 5n);
    const options = { projections: [accountProjection], acknowledged: () => 6n };
    const endless = new ProjectedReadModels(store, board, { ...options, waitMs: 2 ** 30 });
    await store.close();
    await expect(endless.count(accounts)).rejects.toMatchObject({ code: 'unavailable' });
    await expect(models.count(accounts, {}, { after: 7n })).rejects.toMatchObject({ code: 'unavailable' });
  });

  it('say that they lag while the first build is under way, and answer as soon as it is live', async () => {
    await expect(models.count(accounts)).rejects.toMatchObject(lagging);
    await build(first, 'building', 5n);
    await expect(models.count(accounts)).rejects.toMatchObject(lagging);
    const asked = patient.count(accounts);
    await build(first, 'live', 5n);
    expect(await asked).toBe(1);
  });

  it('answer from the build that takes over, from then on', async () => {
    await build(first, 'live', 5n);
    await build(second, 'live', 6n);
    board.report({ ...board.of('accounts')[0]!, state: 'retired' });
    expect(await models.get(accounts, 'a')).toMatchObject({ word: 'build 2' });
  });

  it('say at once that the projection has stopped, also to those who wait', async () => {
    await build(first, 'live', 5n);
    acknowledged = 6n;
    const asked = patient.count(accounts);
    await build(first, 'stopped', 5n);
    await expect(asked).rejects.toMatchObject({ code: 'projection_stopped' });
    await expect(models.count(accounts, {}, { after: 'anything' })).rejects.toThrow(VerbatimError);
  });

  it('wait for the rebuild of a projection that has stopped', async () => {
    await build(first, 'stopped', 5n);
    await build(second, 'building', 5n);
    await expect(models.count(accounts)).rejects.toMatchObject(lagging);
  });

  it('are purged after a deletion when what is read has passed it, not before', async () => {
    const purged = jest.spyOn(store, 'purgeFreeSpace');
    await build(first, 'live', 5n);
    await build(second, 'building', 6n);
    await expect(models.purge(6n)).rejects.toMatchObject(lagging);
    expect(purged).not.toHaveBeenCalled();
    const asked = patient.purge(6n);
    board.advance(first, 6n);
    await asked;
    expect(purged).toHaveBeenCalledTimes(1);
  });

  it('do not ask an old build for fields it does not have', async () => {
    await build(first, 'live', 5n);
    const grown = { ...accounts, fields: { ...accounts.fields, since: 'time' as const } };
    await expect(models.count(grown)).rejects.toMatchObject(lagging);
  });

  it('refuse a collection that nobody projects, and one that two declare', async () => {
    await expect(models.count(totals)).rejects.toMatchObject({ code: 'invalid_query' });
    const projections = [accountProjection, { name: 'other', version: 1, collections: [accounts] }];
    expect(() => new ProjectedReadModels(store, board, { projections, acknowledged: () => 0n })).toThrow(/accounts/);
  });
});
