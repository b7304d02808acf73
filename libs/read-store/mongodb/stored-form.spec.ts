import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import mongoose, { type Connection } from 'mongoose';
import type { TestDatabase } from '#platform/mongodb/testing/test-server.js';
import { withMongo } from '#platform/mongodb/testing/with-mongo.js';
import { defineCollection, type ProjectionBuild } from '#read-store';
import { MongoReadStore } from './mongo-read-store.js';

interface Strange {
  readonly type?: string;
  readonly size?: number | null;
  readonly [key: string]: unknown;
}

/** `type` is what mongoose would take for a type. */
const things = defineCollection<Strange>({
  name: 'things',
  fields: { type: 'text', size: 'number', at: 'time', open: 'boolean' },
  indexes: [['type', 'at'], ['size']],
});

withMongo((server) => {
  describe('what stands in MongoDB', () => {
    let database: TestDatabase;
    let store: MongoReadStore;
    let bare: Connection;
    let build: ProjectionBuild;
    let builds = 0;

    beforeAll(async () => {
      database = server.database();
      store = await MongoReadStore.open({ url: database.url });
      bare = await mongoose.createConnection(database.url).asPromise();
    });
    afterAll(async () => {
      await store.close();
      await bare.destroy();
      await database.drop();
    });
    beforeEach(async () => {
      builds += 1;
      build = { name: 'things', version: 1, build: builds };
      await store.prepare(build, [things]);
    });

    const collectionOf = async ({ name, version, build }: ProjectionBuild) => {
      const names = (await bare.listCollections()).map((one) => one.name);
      return bare.collection(names.find((one) => one.startsWith(`things.${name}.${version}.${build}.`))!);
    };

    const put = (id: string, position: bigint, expected: bigint | null, body: object | null) =>
      store.commit(build, [{ collection: 'things', id, position, expected, body }], position);

    it('has the indexes that the collection declares, each led by what is gone and ended by the id', async () => {
      const indexes = await (await collectionOf(build)).indexes();
      expect(new Set(indexes.map(({ key }) => Object.keys(key).join()))).toEqual(
        new Set(['_id', 'gone,fields.size,_id', 'gone,fields.type,fields.at,_id']),
      );
    });

    it('gains the indexes that a later release declares for the same build', async () => {
      await store.prepare(build, [{ ...things, indexes: [...things.indexes, ['open']] }]);
      const indexes = await (await collectionOf(build)).indexes();
      expect(indexes.map(({ key }) => Object.keys(key).join())).toContain('gone,fields.open,_id');
    });

    it('is a position, the declared fields, and the document as text', async () => {
      await put('a', 7n, null, { type: 'x', size: 1.5, rest: {} });
      expect(await (await collectionOf(build)).find().toArray()).toEqual([
        {
          _id: 'a',
          position: '00000000000000000007',
          gone: false,
          fields: { type: 'x', size: 1.5, at: null, open: null },
          body: '{"type":"x","size":1.5,"rest":{}}',
        },
      ]);
    });

    it('is of a document that is gone its id and position alone', async () => {
      await put('a', 7n, null, { type: 'secret' });
      await put('a', 8n, 7n, null);
      expect(await (await collectionOf(build)).find().toArray()).toEqual([
        { _id: 'a', position: '00000000000000000008', gone: true },
      ]);
    });

    it('loses nothing of a document, whatever its keys and values are', async () => {
      const body = JSON.parse(`{
        "type": "t", "__proto__": {"polluted": true}, "constructor": {"prototype": 1}, "_id": "other", "position": "1",
        "a.b": {"$set": {"$gt": ""}}, "$where": "1", "": {"": []}, "empty": {}, "list": [null, {}, []],
        "nested": {"type": {"type": "String"}}, "nul": "a\\u0000b", "half": "\\ud800", "far": 1e300,
        "deep": ${'{"d":'.repeat(150)}1${'}'.repeat(150)}
      }`) as Strange;
      await put('a', 1n, null, body);
      const loaded = (await store.load(build, 'things', ['a'])).get('a')?.body;
      expect(JSON.stringify(loaded)).toBe(JSON.stringify(body));
      const [found] = await store.find(build, things, { filter: { type: 't' }, limit: 1 });
      expect(JSON.stringify({ ...found, _id: 'other' })).toBe(JSON.stringify(body));
      expect(Object.hasOwn(found!, '__proto__')).toBe(true);
    });

    it('takes an undefined field for one that is not there, and that for null', async () => {
      await put('a', 1n, null, { type: undefined });
      await put('b', 1n, null, {});
      await put('c', 1n, null, { type: null });
      const found = await store.find(build, things, { filter: { type: null }, limit: 9 });
      expect(found).toEqual([{ _id: 'a' }, { _id: 'b' }, { _id: 'c', type: null }]);
    });

    it('is not asked with patterns: a prefix is text to the letter', async () => {
      for (const [index, type] of ['a.*', 'abc', 'a.*b', '^a', 'a\\'].entries())
        await put(`t${index}`, 1n, null, { type });
      const of = async (prefix: string) =>
        (await store.find(build, things, { filter: { type: { $prefix: prefix } }, limit: 9 })).map(({ type }) => type);
      expect(await of('a.*')).toEqual(['a.*', 'a.*b']);
      expect(await of('^')).toEqual(['^a']);
      expect(await of('a\\')).toEqual(['a\\']);
      expect(await of('.')).toEqual([]);
    });

    it('refuses a document that is too large for MongoDB, and writes nothing of that commit', async () => {
      const writes = [
        { collection: 'things', id: 'small', position: 1n, expected: null, body: {} },
        {
          collection: 'things',
          id: 'large',
          position: 1n,
          expected: null,
          body: { text: 'x'.repeat(8 * 1024 * 1024) },
        },
      ];
      await expect(store.commit(build, writes, 1n)).rejects.toMatchObject({
        code: 'invalid_document',
        details: { collection: 'things', id: 'large' },
      });
      expect(await store.count(build, things)).toBe(0);
    });
  });
});
