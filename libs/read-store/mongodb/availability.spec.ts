import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import type { TestDatabase } from '#platform/mongodb/testing/test-server.js';
import { WireProxy } from '#platform/mongodb/testing/wire-proxy.js';
import { withMongo } from '#platform/mongodb/testing/with-mongo.js';
import { until } from '#platform/testing/until.js';
import { defineCollection } from '#read-store';
import { MongoReadStore } from './mongo-read-store.js';

const notes = defineCollection<{ text: string }>({ name: 'notes', fields: { text: 'text' }, indexes: [] });
const build = { name: 'notes', version: 1, build: 1 };
/** Enough for a busy machine. */
const PATIENCE_MS = 1_500;
const unavailable = { name: 'ReadStoreError', code: 'unavailable' };

withMongo((server) => {
  describe('a MongoDB that goes away', () => {
    let database: TestDatabase;
    let proxy: WireProxy;
    let store: MongoReadStore;

    beforeEach(async () => {
      database = server.database();
      proxy = await WireProxy.before(database.url);
      store = await MongoReadStore.open({ url: proxy.url, patienceMs: PATIENCE_MS });
      await store.prepare(build, [notes]);
    });
    afterEach(async () => {
      await store.close();
      await proxy.close();
      await database.drop();
    });

    const write = (id: string) =>
      store.commit(build, [{ collection: 'notes', id, position: 1n, expected: null, body: { text: id } }], 1n);

    const answers = () =>
      store.builds().then(
        () => true,
        () => false,
      );

    const everything = () => [
      store.builds(),
      store.load(build, 'notes', ['a']),
      store.find(build, notes, { limit: 1 }),
      store.count(build, notes),
      store.page(build, notes, { limit: 1 }),
      store.prepare(build, [notes]),
      store.setState(build, 'live'),
      store.quarantine(build, { stream: 's', position: 1n, reason: 'r' }),
      store.drop({ ...build, build: 2 }),
      write('a'),
    ];

    it.each(['down', 'silent'] as const)(
      'is said to be unavailable while it is %s, and used again when it is back',
      async (how) => {
        proxy[how]();
        for (const answer of await Promise.allSettled(everything())) {
          expect(answer).toMatchObject({ status: 'rejected', reason: unavailable });
        }
        proxy.up();
        await until(answers);
        await write('b');
        expect(await store.count(build, notes)).toBe(1);
      },
    );

    it('is waited for by nobody once it was missed for a second, and is used again when it is back', async () => {
      proxy.down();
      // The driver itself would look for a server as long as its patience lasts.
      await until(async () => {
        const before = performance.now();
        await expect(store.count(build, notes)).rejects.toMatchObject(unavailable);
        return performance.now() - before < PATIENCE_MS / 10;
      });
      proxy.up();
      await until(answers);
      await write('b');
      expect(await store.count(build, notes)).toBe(1);
    });

    it('stops a start in seconds, with an error of the port', async () => {
      proxy.down();
      await expect(MongoReadStore.open({ url: proxy.url, patienceMs: PATIENCE_MS })).rejects.toMatchObject(unavailable);
    });

    it('answers unavailable after the store was closed, also under way', async () => {
      proxy.silent();
      const asked = store.find(build, notes, { limit: 1 });
      const answer = expect(asked).rejects.toMatchObject(unavailable);
      await store.close();
      await answer;
      await expect(write('a')).rejects.toMatchObject(unavailable);
    });
  });
});
