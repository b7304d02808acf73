import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import {
  type Collection,
  type DocumentWrite,
  type Projection,
  type ProjectionBuild,
  type ReadStore,
  ReadStoreError,
  type StoredBuild,
} from '#read-store';
import { ProjectionBoard } from './projection-board.js';
import { ProjectionRunner } from './projection-runner.js';
import { engines, type OpenedStore } from './testing/stores.js';
import {
  accountProjection,
  accounts,
  type LedgerEvent,
  logOf,
  memberProjection,
  totalProjection,
} from './testing/tallies.js';
import { ThroughStore } from './testing/through-store.js';

describe.each(engines)('a projection runner on $engine', ({ numRuns, open }) => {
  let opened: OpenedStore;
  let store: ReadStore;
  let builds = 0;

  beforeAll(async () => {
    opened = await open();
    store = opened.store;
  });
  afterAll(() => opened.dispose());

  const prepared = (projection: Projection<LedgerEvent>): Promise<StoredBuild> => {
    builds += 1;
    return store.prepare({ name: projection.name, version: 1, build: builds }, projection.collections);
  };

  const runnerOn = async (build: ProjectionBuild, projection: Projection<LedgerEvent>, through: ReadStore = store) => {
    const stored = (await store.builds()).find((one) => one.build === build.build && one.name === build.name)!;
    return ProjectionRunner.start(through, new ProjectionBoard(), projection, stored);
  };

  const all = async (build: ProjectionBuild, collections: readonly Collection<object>[]) =>
    Promise.all(
      collections.map((collection) => store.find(build, collection, { sort: [['_id', 'asc']], limit: 1_000 })),
    );

  const feed = (runner: ProjectionRunner<LedgerEvent>, events: readonly LedgerEvent[]) =>
    runner.process(
      events.map((event) => ({ event })),
      events.at(-1)!.position,
    );

  /** The result to compare with: one event at a time, nothing going wrong. */
  const plainly = async (projection: Projection<LedgerEvent>, log: readonly LedgerEvent[]) => {
    const build = await prepared(projection);
    const runner = await runnerOn(build, projection);
    for (const event of log) await feed(runner, [event]);
    const documents = JSON.stringify(await all(build, projection.collections));
    await store.drop(build);
    return documents;
  };

  const ledgers = fc
    .array(
      fc.record({
        stream: fc.constantFrom('a', 'b', 'cc', 'dd', 'eee'),
        type: fc.constantFrom('added', 'added', 'added', 'closed', 'noise'),
        amount: fc.integer({ min: -5, max: 5 }),
      }),
      { minLength: 1, maxLength: 40 },
    )
    .map(logOf);

  describe.each([accountProjection, totalProjection, memberProjection])('of $name', (projection) => {
    it('comes to the same documents, however the log is cut and whatever was written before a crash', async () => {
      const cuts = fc.array(fc.integer({ min: 1, max: 15 }), { minLength: 1, maxLength: 5 });
      const crashes = fc.array(fc.nat({ max: 6 }), { maxLength: 8 });
      await fc.assert(
        fc.asyncProperty(ledgers, cuts, crashes, async (log, sizes, partly) => {
          const build = await prepared(projection);
          const failing = new PartlyWriting(store, partly);
          let runner = await runnerOn(build, projection, failing);
          for (let at = 0, batch = 0; at < log.length; batch += 1) {
            // A redone batch need not be cut as it was: some of its events may be in some of its documents.
            const size = sizes[batch % sizes.length]!;
            try {
              await feed(runner, log.slice(at, at + size));
              at += size;
            } catch (error) {
              expect(error).toBeInstanceOf(ReadStoreError);
              // The next life reads on from the stored checkpoint.
              runner = await runnerOn(build, projection, failing);
              at = log.findIndex(({ position }) => position > runner.position);
            }
          }
          expect(JSON.stringify(await all(build, projection.collections))).toBe(await plainly(projection, log));
          await store.drop(build);
        }),
        { numRuns },
      );
    });

    it('comes to the same documents when two projectors work on it at once', async () => {
      await fc.assert(
        fc.asyncProperty(
          ledgers,
          fc.integer({ min: 1, max: 7 }),
          fc.integer({ min: 1, max: 7 }),
          async (log, one, two) => {
            const build = await prepared(projection);
            const runners = await Promise.all(
              [store, opened.contender].map((through) => runnerOn(build, projection, through)),
            );
            await Promise.all(
              [one, two].map(async (size, index) => {
                for (let at = 0; at < log.length; at += size) await feed(runners[index]!, log.slice(at, at + size));
              }),
            );
            expect(JSON.stringify(await all(build, projection.collections))).toBe(await plainly(projection, log));
            await store.drop(build);
          },
        ),
        { numRuns },
      );
    });
  });

  it('goes on from what is stored where another projector came first, not from what it had folded itself', async () => {
    const log = logOf([{ stream: 'a', amount: -1 }, { stream: 'a', type: 'closed' }, { stream: 'a' }]);
    const build = await prepared(totalProjection);
    const first = await runnerOn(build, totalProjection);
    const between = new BetweenLoads(store);
    const second = await runnerOn(build, totalProjection, between);
    await feed(first, log.slice(0, 1));
    // The total as it was before the account closed, the account as it is after.
    between.once = () => feed(first, log.slice(1, 2));
    await feed(second, log.slice(0, 2));
    await feed(second, log.slice(2));
    expect(JSON.stringify(await all(build, totalProjection.collections))).toBe(await plainly(totalProjection, log));
  });

  it('folds again what a failed write had changed in memory', async () => {
    const build = await prepared(accountProjection);
    const runner = await runnerOn(build, accountProjection, new PartlyWriting(store, [undefined, 0]));
    const [first, second] = logOf([{ stream: 'a' }, { stream: 'a' }]);
    await feed(runner, [first!]);
    await expect(feed(runner, [second!])).rejects.toMatchObject({ code: 'unavailable' });
    await feed(runner, [second!]);
    expect(await store.find(build, accounts, { limit: 9 })).toMatchObject([{ sum: 2, history: ['e0', 'e1'] }]);
  });

  it('moves on past events nobody wants without writing for each', async () => {
    const build = await prepared(accountProjection);
    const runner = await runnerOn(build, accountProjection);
    await feed(runner, logOf(Array.from({ length: 5 }, () => ({ stream: 'a', type: 'noise' }))));
    expect(runner.position).toBe(50n);
    expect((await runnerOn(build, accountProjection)).position).toBe(0n);
    await runner.flush();
    expect((await runnerOn(build, accountProjection)).position).toBe(50n);
  });

  describe('meeting an event it cannot project', () => {
    const log = logOf([
      { stream: 'a' },
      { stream: 'b' },
      { stream: 'a', type: 'poison' },
      { stream: 'b' },
      { stream: 'a' },
      { stream: 'new', type: 'poison' },
    ]);

    it('leaves its stream as it was before, marked stale, and goes on with the others', async () => {
      const build = await prepared(accountProjection);
      const runner = await runnerOn(build, accountProjection);
      await feed(runner, log);
      expect(await store.find(build, accounts, { limit: 9 })).toEqual([
        { _id: 'a', _stale: true, word: 'word-1', sum: 1, history: ['e0'] },
        { _id: 'b', word: 'word-1', sum: 2, history: ['e1', 'e3'] },
      ]);
      expect(runner.quarantined).toEqual([
        { stream: 'a', position: 30n, reason: 'cannot be told' },
        { stream: 'new', position: 60n, reason: 'cannot be told' },
      ]);
    });

    it('knows the quarantine in its next life', async () => {
      const build = await prepared(accountProjection);
      await feed(await runnerOn(build, accountProjection), log);
      const next = await runnerOn(build, accountProjection);
      await next.process([{ event: { ...log[0]!, position: 70n, revision: 9 } }], 70n);
      expect(next.quarantined.map(({ stream }) => stream)).toEqual(['a', 'new']);
      expect(await store.find(build, accounts, { filter: { _id: 'a' }, limit: 1 })).toMatchObject([
        { sum: 1, _stale: true },
      ]);
    });

    it('applies what came before the event when a crash followed the quarantine', async () => {
      const build = await prepared(accountProjection);
      await store.quarantine(build, { stream: 'a', position: 30n, reason: 'written, then the process died' });
      await feed(await runnerOn(build, accountProjection), log);
      expect(await store.find(build, accounts, { filter: { _id: 'a' }, limit: 1 })).toMatchObject([
        { sum: 1, _stale: true },
      ]);
    });

    it.each([
      ['makes a document that cannot be stored', 'not_a_number'],
      ['touches a document it has not named', 'unnamed'],
    ])('takes an event that %s for one', async (_, type) => {
      const build = await prepared(accountProjection);
      const runner = await runnerOn(build, accountProjection);
      await feed(runner, logOf([{ stream: 'a' }, { stream: 'a', type }, { stream: 'b' }]));
      expect(await store.find(build, accounts, { limit: 9 })).toMatchObject([
        { _id: 'a', _stale: true, sum: 1 },
        { _id: 'b', sum: 1 },
      ]);
      expect(runner.quarantined).toMatchObject([{ stream: 'a', position: 20n }]);
    });

    it('takes an event that could not be opened for one', async () => {
      const build = await prepared(accountProjection);
      const runner = await runnerOn(build, accountProjection);
      const [first, second] = logOf([{ stream: 'a' }, { stream: 'a' }]);
      await runner.process([{ event: first! }, { event: second!, unreadable: 'bad seal' }], 20n);
      expect(await store.find(build, accounts, { limit: 9 })).toMatchObject([{ _id: 'a', _stale: true, sum: 1 }]);
      expect(runner.quarantined).toEqual([{ stream: 'a', position: 20n, reason: 'bad seal' }]);
    });

    it('stops before it where documents are fed by many streams', async () => {
      const build = await prepared(totalProjection);
      const runner = await runnerOn(build, totalProjection);
      await feed(runner, log);
      expect(runner.position).toBe(20n);
      expect(runner.build).toMatchObject({
        state: 'stopped',
        stoppedReason: expect.stringContaining('cannot be told'),
      });
      const before = await plainly(totalProjection, log.slice(0, 2));
      expect(JSON.stringify(await all(build, totalProjection.collections))).toBe(before);
      await feed(runner, logOf([...log, { stream: 'b' }]));
      expect(runner.position).toBe(20n);
    });
  });
});

/** Something else happens after the first collection of a batch was loaded, and before the next is. */
class BetweenLoads extends ThroughStore {
  once: (() => Promise<void>) | undefined;

  override load = async (...args: Parameters<ReadStore['load']>) => {
    const loaded = await this.real.load(...args);
    const happens = this.once;
    this.once = undefined;
    await happens?.();
    return loaded;
  };
}

/** As a store without transactions dies: of some commits only the first few documents are written, no checkpoint. */
class PartlyWriting extends ThroughStore {
  private commits = 0;

  constructor(
    real: ReadStore,
    private readonly partly: readonly (number | undefined)[],
  ) {
    super(real);
  }

  override async commit(build: ProjectionBuild, writes: readonly DocumentWrite[], checkpoint: bigint): Promise<void> {
    const written = this.partly[this.commits];
    this.commits += 1;
    if (written === undefined) return this.real.commit(build, writes, checkpoint);
    await this.real.commit(build, writes.slice(0, written), 0n);
    throw new ReadStoreError('unavailable', 'The process died.');
  }
}
