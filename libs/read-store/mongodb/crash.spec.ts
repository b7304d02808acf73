import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { TestDatabase } from '#platform/mongodb/testing/test-server.js';
import { type Fate, WireProxy } from '#platform/mongodb/testing/wire-proxy.js';
import { withMongo } from '#platform/mongodb/testing/with-mongo.js';
import { ProjectionBoard } from '../runner/projection-board.js';
import { ProjectionBuilds } from '../runner/projection-builds.js';
import { accountProjection, logOf, memberProjection, totalProjection } from '../runner/testing/tallies.js';
import { MongoReadStore } from './mongo-read-store.js';

const WRITES: ReadonlySet<string> = new Set(['insert', 'update']);

/** Inserts and replacements in every collection, a document that goes, an event that is seen again in another batch. */
const log = logOf([
  { stream: 'a' },
  { stream: 'b' },
  { stream: 'cc' },
  { stream: 'a', amount: 3 },
  { stream: 'cc', type: 'closed' },
  { stream: 'b', amount: 2 },
  { stream: 'dd' },
]);
const BATCHES = [log.slice(0, 3), log.slice(3)];

withMongo((server) => {
  let database: TestDatabase;
  beforeAll(async () => {
    database = server.database();
  });
  afterAll(() => database.drop());

  describe.each([accountProjection, totalProjection, memberProjection])(
    'a projector of $name that dies',
    (projection) => {
      /** One process' life on the store, from its checkpoint to the end of the log or to its death. */
      const life = async (store: MongoReadStore) => {
        const builds = new ProjectionBuilds(store, new ProjectionBoard(), [projection]);
        const [runner] = await builds.open();
        for (const batch of BATCHES) {
          await runner!.process(
            batch.map((event) => ({ event })),
            batch.at(-1)!.position,
          );
        }
      };

      const documents = async (store: MongoReadStore) => {
        const [build] = await store.builds();
        const found = await Promise.all(
          projection.collections.map((collection) => store.find(build!, collection, { limit: 99 })),
        );
        await store.drop(build!);
        return JSON.stringify(found);
      };

      /** Dies at the nth write of the projector's life; answers whether it came to that. */
      const dieAt = async (nth: number, how: Fate): Promise<boolean> => {
        const proxy = await WireProxy.before(database.url);
        const dying = await MongoReadStore.open({ url: proxy.url });
        let writes = 0;
        proxy.fate = (command) => {
          if (WRITES.has(command)) writes += 1;
          return writes === nth ? how : 'pass';
        };
        const lived = life(dying).then(
          () => true,
          () => false,
        );
        // Whoever has died does not wait for a way back.
        await Promise.race([lived, proxy.wentDown]);
        await dying.close();
        const died = !(await lived);
        await proxy.close();
        return died;
      };

      it.each(['cut', 'lose_answer'] as const)(
        'before any of its writes, or before it hears of it (%s), comes to the same documents when it is started again',
        async (how) => {
          const store = await MongoReadStore.open({ url: database.url });
          await life(store);
          const undisturbed = await documents(store);
          let nth = 1;
          for (; await dieAt(nth, how); nth += 1) {
            await life(store);
            expect({ nth, documents: await documents(store) }).toEqual({ nth, documents: undisturbed });
          }
          expect(await documents(store)).toBe(undisturbed);
          // The build's record, and for each batch a write per collection at least, and the checkpoint.
          expect(nth).toBeGreaterThan(2 * (projection.collections.length + 1));
          await store.close();
        },
      );
    },
  );
});
