import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { defineCollection, type Projection, type ReadStore } from '#read-store';
import { ProjectionBoard } from './projection-board.js';
import { ProjectionBuilds } from './projection-builds.js';
import { askForRebuild } from './rebuilding.js';
import { engines, type OpenedStore } from './testing/stores.js';
import { type Account, accountProjection, accounts, type LedgerEvent, logOf } from './testing/tallies.js';

describe.each(engines)('builds of projections on $engine', ({ open }) => {
  const log = logOf([{ stream: 'a' }, { stream: 'b' }, { stream: 'a' }]);
  let opened: OpenedStore;
  let store: ReadStore;
  let board: ProjectionBoard;

  beforeEach(async () => {
    opened = await open();
    store = opened.store;
    board = new ProjectionBoard();
  });
  afterEach(() => opened.dispose());

  /** A process with this code: what it opens, fed with the log. */
  const life = async (projection: Projection<LedgerEvent> = accountProjection) => {
    board = new ProjectionBoard();
    const builds = new ProjectionBuilds(store, board, [projection]);
    return { builds, runners: await builds.open() };
  };

  type Runner = Awaited<ReturnType<typeof life>>['runners'][number];

  const feed = (runner: Runner) =>
    runner.process(
      log.map((event) => ({ event })),
      30n,
    );

  /** As somebody in any process asks for it, and the one that projects finds it. */
  const asked = async (builds: Awaited<ReturnType<typeof life>>['builds']): Promise<Runner> => {
    await askForRebuild(store, accountProjection);
    const [runner] = await builds.openAsked();
    return runner!;
  };

  const liveLife = async () => {
    const { builds, runners } = await life();
    await feed(runners[0]!);
    await builds.takeOver(runners[0]!);
    return { builds, live: runners[0]! };
  };

  const states = async () => (await store.builds()).map(({ version, build, state }) => `${version}.${build} ${state}`);

  it('begin with a first one, and go on with it in the next life', async () => {
    await liveLife();
    const { runners } = await life();
    expect(runners.map(({ build, position }) => [build.state, position])).toEqual([['live', 30n]]);
    expect(await states()).toEqual(['1.1 live']);
  });

  it('of a new version are built beside the old one, which readers see until the new one takes over', async () => {
    await liveLife();
    const { builds, runners } = await life({ ...accountProjection, version: 2 });
    expect(await states()).toEqual(['1.1 live', '2.1 building']);
    expect(board.of('accounts').find(({ state }) => state === 'live')).toMatchObject({ version: 1, position: 30n });
    await feed(runners[0]!);
    await builds.takeOver(runners[0]!);
    expect(await states()).toEqual(['1.1 live', '2.1 live']);
    expect(await builds.superseded()).toMatchObject([{ version: 1 }]);
  });

  it('with other fields than stored are built anew although nobody raised the version', async () => {
    await liveLife();
    const grown = defineCollection<Account>({ ...accounts, fields: { ...accounts.fields, since: 'time' } });
    await life({ ...accountProjection, collections: [grown] });
    expect(await states()).toEqual(['1.1 live', '1.2 building']);
  });

  it('asked for again come to the same bytes, beside the live one, and take over', async () => {
    const { builds, live } = await liveLife();
    const before = JSON.stringify(await store.find(live.build, accounts, { limit: 9 }));
    const runner = await asked(builds);
    expect(await states()).toEqual(['1.1 live', '1.2 building']);
    expect(await askForRebuild(store, accountProjection)).toMatchObject({ build: 2 });
    expect(await builds.openAsked()).toEqual([]);
    await feed(runner);
    await builds.takeOver(runner);
    expect(await states()).toEqual(['1.1 retired', '1.2 live']);
    expect(live.build.state).toBe('retired');
    expect(JSON.stringify(await store.find(runner.build, accounts, { limit: 9 }))).toBe(before);
  });

  it('broken off in a rebuild go on with both in the next life', async () => {
    const { builds } = await liveLife();
    await asked(builds);
    const { runners } = await life();
    expect(runners.map(({ build, position }) => [build.build, build.state, position])).toEqual([
      [1, 'live', 30n],
      [2, 'building', 0n],
    ]);
  });

  it('that had stopped try again in the next life', async () => {
    const { live } = await liveLife();
    await live.setState('stopped', 'an event it cannot take');
    const { runners } = await life();
    expect(runners.map(({ build }) => [build.build, build.state])).toEqual([[1, 'building']]);
  });

  it('given up for a newer one are not taken up again', async () => {
    const { builds, live } = await liveLife();
    await live.setState('stopped', 'an event it cannot take');
    await asked(builds);
    const { runners } = await life();
    expect(runners.map(({ build }) => [build.build, build.state])).toEqual([[2, 'building']]);
    expect(await states()).toEqual(['1.1 stopped', '1.2 building']);
  });

  it('retired and dropped are gone from the store, the board and the runners', async () => {
    const { builds, live } = await liveLife();
    const runner = await asked(builds);
    await builds.takeOver(runner);
    for (const build of await builds.superseded()) await builds.drop(build);
    expect(await states()).toEqual(['1.2 live']);
    expect(board.of('accounts')).toHaveLength(1);
    expect(builds.running).toEqual([runner]);
    await expect(store.find(live.build, accounts, { limit: 1 })).rejects.toMatchObject({ code: 'unknown_build' });
  });

  it('are refused for a name that two declare', () => {
    expect(() => new ProjectionBuilds(store, board, [accountProjection, accountProjection])).toThrow(/same name/);
  });
});
