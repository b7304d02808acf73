import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { until } from '#platform/testing/until.js';
import { type ReadStore, ReadStoreError, type StoredBuild } from '#read-store';
import { EmbeddedReadStore } from '../embedded/index.js';
import { BoardPoller } from './board-poller.js';
import { ProjectedReadModels } from './projected-read-models.js';
import { ProjectionBoard } from './projection-board.js';
import { ProjectionBuilds } from './projection-builds.js';
import { askForRebuild } from './rebuilding.js';
import { accountProjection, accounts, logOf } from './testing/tallies.js';

/** Longer than any test takes: only what wakes the poller makes it ask again. */
const NEVER_MS = 600_000;

describe('the board of a process that does not project', () => {
  const log = logOf([{ stream: 'a' }, { stream: 'b' }, { stream: 'a', type: 'noise' }]);
  let store: ReadStore;
  let board: ProjectionBoard;
  let poller: BoardPoller;
  let troubles: string[];
  let asked: number;
  let failing: boolean;

  beforeEach(async () => {
    store = await EmbeddedReadStore.open({ directory: ':memory:' });
    board = new ProjectionBoard();
    troubles = [];
    asked = 0;
    failing = false;
  });
  afterEach(async () => {
    await poller.stop();
    await store.close();
  });

  const poll = (idleMs = NEVER_MS) => {
    const builds = async (): Promise<readonly StoredBuild[]> => {
      asked += 1;
      if (failing) throw new ReadStoreError('unavailable', 'no way there');
      return store.builds();
    };
    const trouble = (error: Error) => void troubles.push(error.message);
    poller = new BoardPoller({ builds }, board, { awaitedMs: 1, idleMs, longestMs: 4, trouble });
    poller.start();
  };

  /** The other process: it projects, and stores each position. */
  const projecting = async () => {
    const builds = new ProjectionBuilds(store, new ProjectionBoard(), [accountProjection], { idleCheckpointMs: 0 });
    const [runner] = await builds.open();
    await builds.takeOver(runner!);
    const feed = (upTo: bigint) =>
      runner!.process(
        log.filter(({ position }) => position <= upTo).map((event) => ({ event })),
        upTo,
      );
    return { builds, runner: runner!, feed };
  };

  const models = (acknowledged: bigint) =>
    new ProjectedReadModels(store, board, {
      projections: [accountProjection],
      acknowledged: () => acknowledged,
      waitMs: 10_000,
    });

  it('lets a reader see its own write as soon as the other process has projected and stored it', async () => {
    const { feed } = await projecting();
    poll();
    const list = models(20n).find(accounts, { sort: [['_id', 'asc']], limit: 9 });
    await feed(10n);
    await feed(20n);
    expect(await list).toMatchObject([{ _id: 'a' }, { _id: 'b' }]);
  });

  it('lets a reader pass what changes no document', async () => {
    const { feed } = await projecting();
    poll();
    const count = models(30n).count(accounts);
    await feed(20n);
    await feed(30n);
    expect(await count).toBe(2);
  });

  it('is asked about seldom while nobody waits', async () => {
    const { feed } = await projecting();
    poll();
    await until(() => asked === 1 && board.of('accounts').length === 1);
    await feed(10n);
    expect(asked).toBe(1);
    expect(board.of('accounts')).toMatchObject([{ position: 0n }]);
  });

  it('learns of builds that take over, stop and go', async () => {
    const { builds } = await projecting();
    poll(1);
    await askForRebuild(store, accountProjection);
    const [rebuilt] = await builds.openAsked();
    const states = () => board.of('accounts').map(({ build, state }) => `${build} ${state}`);
    await until(() => states().join() === '1 live,2 building');
    await builds.takeOver(rebuilt!);
    await until(() => states().join() === '1 retired,2 live');
    await builds.drop((await builds.superseded())[0]!);
    await until(() => states().join() === '2 live');
    await rebuilt!.setState('stopped', 'enough');
    await until(() => states().join() === '2 stopped');
  });

  it('rides out a store that is away, and says so once', async () => {
    const { feed } = await projecting();
    failing = true;
    poll();
    const list = models(10n).count(accounts);
    await feed(10n);
    await until(() => asked > 5);
    failing = false;
    expect(await list).toBe(1);
    expect(troubles).toEqual(['no way there']);
  });

  it('is left alone once the poller has stopped', async () => {
    const { feed } = await projecting();
    poll(1);
    await until(() => board.of('accounts').length === 1);
    await poller.stop();
    await feed(10n);
    expect(board.of('accounts')).toMatchObject([{ position: 0n }]);
    poller.start();
    await until(() => board.of('accounts')[0]?.position === 10n);
  });
});
