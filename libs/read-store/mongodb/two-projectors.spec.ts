import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { TestDatabase } from '#platform/mongodb/testing/test-server.js';
import { withMongo } from '#platform/mongodb/testing/with-mongo.js';
import { ConcurrentProjectionError, type DocumentWrite, defineCollection } from '#read-store';
import { MongoReadStore } from './mongo-read-store.js';

const sums = defineCollection<{ sum: number }>({ name: 'sums', fields: { sum: 'number' }, indexes: [] });
const parts = defineCollection<{ part: number }>({ name: 'parts', fields: { part: 'number' }, indexes: [] });

withMongo((server) => {
  describe('two projectors on one MongoDB', () => {
    let database: TestDatabase;
    let one: MongoReadStore;
    let two: MongoReadStore;
    let builds = 0;

    beforeAll(async () => {
      database = server.database();
      one = await MongoReadStore.open({ url: database.url });
      two = await MongoReadStore.open({ url: database.url });
    });
    afterAll(async () => {
      await one.close();
      await two.close();
      await database.drop();
    });

    const freshBuild = async () => {
      builds += 1;
      const build = { name: 'sums', version: 1, build: builds };
      await one.prepare(build, [sums, parts]);
      return build;
    };
    const sum = (id: string, position: bigint, expected: bigint | null): DocumentWrite => ({
      collection: 'sums',
      id,
      position,
      expected,
      body: { sum: Number(position) },
    });
    const part = (id: string, position: bigint, expected: bigint | null): DocumentWrite => ({
      collection: 'parts',
      id,
      position,
      expected,
      body: { part: Number(position) },
    });

    it('let one of them make a document, and the other learn it', async () => {
      const build = await freshBuild();
      const attempts = Array.from({ length: 20 }, (_, index) =>
        (index % 2 ? one : two).commit(build, [sum('a', BigInt(index + 1), null)], 0n),
      );
      const results = await Promise.allSettled(attempts);
      const stored = (await one.load(build, 'sums', ['a'])).get('a')!;
      for (const [index, result] of results.entries()) {
        if (BigInt(index + 1) === stored.position) expect(result.status).toBe('fulfilled');
        else expect(result).toMatchObject({ reason: expect.any(ConcurrentProjectionError) });
      }
    });

    it('write nothing that is computed from a document the other has changed', async () => {
      const build = await freshBuild();
      await one.commit(build, [sum('s', 1n, null), part('p', 1n, null)], 1n);
      await two.commit(build, [sum('s', 2n, 1n)], 2n);
      await expect(one.commit(build, [sum('s', 3n, 1n), part('p', 3n, 1n)], 3n)).rejects.toThrow(
        ConcurrentProjectionError,
      );
      expect((await one.load(build, 'parts', ['p'])).get('p')?.position).toBe(1n);
      expect((await one.builds()).at(-1)?.checkpoint).toBe(2n);
    });

    it('learn of what the other has written further, too, and write nothing computed from it', async () => {
      const build = await freshBuild();
      await one.commit(build, [sum('seen', 5n, null)], 5n);
      const late = two.commit(build, [sum('seen', 4n, null), part('p', 4n, null)], 4n);
      await expect(late).rejects.toThrow(ConcurrentProjectionError);
      expect((await one.load(build, 'sums', ['seen'])).get('seen')?.position).toBe(5n);
      expect((await one.load(build, 'parts', ['p'])).size).toBe(0);
      expect((await one.builds()).at(-1)?.checkpoint).toBe(5n);
    });
  });
});
