import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import mongoose, { type Connection } from 'mongoose';
import type { TestDatabase } from '#platform/mongodb/testing/test-server.js';
import { withMongo } from '#platform/mongodb/testing/with-mongo.js';
import { defineCollection } from '#read-store';
import { MongoReadStore } from './mongo-read-store.js';

const notes = defineCollection<{ text: string }>({ name: 'notes', fields: { text: 'text' }, indexes: [['text']] });
const build = { name: 'notes', version: 1, build: 1 };

withMongo((server) => {
  describe('a build that another process drops', () => {
    let database: TestDatabase;
    let mine: MongoReadStore;
    let others: MongoReadStore;
    let bare: Connection;

    beforeEach(async () => {
      database = server.database();
      mine = await MongoReadStore.open({ url: database.url });
      others = await MongoReadStore.open({ url: database.url });
      bare = await mongoose.createConnection(database.url).asPromise();
      await mine.prepare(build, [notes]);
      await write(mine, 'old', 5n);
      expect(await texts(others)).toEqual(['old']);
    });
    afterEach(async () => {
      await mine.close();
      await others.close();
      await bare.destroy();
      await database.drop();
    });

    const write = (store: MongoReadStore, text: string, position: bigint) =>
      store.commit(build, [{ collection: 'notes', id: text, position, expected: null, body: { text } }], position);
    const texts = async (store: MongoReadStore) =>
      (await store.find(build, notes, { limit: 9 })).map(({ text }) => text);
    const collections = async () =>
      (await bare.listCollections()).map(({ name }) => name).filter((name) => name.startsWith('notes.'));

    it('is unknown here too, not empty', async () => {
      await others.drop(build);
      const unknown = { code: 'unknown_build' };
      await expect(mine.find(build, notes, { limit: 1 })).rejects.toMatchObject(unknown);
      await expect(mine.count(build, notes)).rejects.toMatchObject(unknown);
      await expect(mine.page(build, notes, { limit: 1 })).rejects.toMatchObject(unknown);
      await expect(mine.quarantined(build)).rejects.toMatchObject(unknown);
      expect(await mine.builds()).toEqual([]);
    });

    it('and begins again is read as it is now', async () => {
      await others.drop(build);
      await others.prepare(build, [notes]);
      await write(others, 'new', 1n);
      expect(await texts(mine)).toEqual(['new']);
      expect(await mine.builds()).toMatchObject([{ checkpoint: 1n }]);
    });

    it('takes nothing more from a projector that does not know it, nor does what it began again', async () => {
      await others.drop(build);
      await others.prepare(build, [notes]);
      await expect(write(mine, 'late', 6n)).rejects.toMatchObject({ code: 'unknown_build' });
      expect(await texts(others)).toEqual([]);
      expect(await others.builds()).toMatchObject([{ checkpoint: 0n }]);
      expect(await collections()).toHaveLength(1);
    });

    it('leaves no collection behind, also where a projector died after it had made one again', async () => {
      const [before] = await collections();
      await others.drop(build);
      expect(await collections()).toEqual([]);
      await bare.collection(before!).insertOne({ late: true });
      await others.drop(build);
      expect(await collections()).toEqual([]);
    });

    it('is gone for readers as soon as its drop begins, and wholly when the drop is asked for again', async () => {
      await bare
        .collection<{ _id: string }>('projections')
        .updateOne({ _id: 'notes' }, { $set: { 'builds.v1b1.dropping': true } });
      expect(await mine.builds()).toEqual([]);
      await expect(mine.setState(build, 'live')).rejects.toMatchObject({ code: 'unknown_build' });
      await expect(write(mine, 'late', 6n)).rejects.toMatchObject({ code: 'unknown_build' });
      await others.prepare(build, [notes]);
      expect(await texts(others)).toEqual([]);
      expect(await collections()).toHaveLength(1);
    });

    it('leaves the collections of others alone', async () => {
      for (const name of ['notes.of.somebody', 'fs.files', 'projections.1']) await bare.createCollection(name);
      await others.drop(build);
      const names = (await bare.listCollections()).map(({ name }) => name).toSorted();
      expect(names).toEqual(['fs.files', 'notes.of.somebody', 'projections', 'projections.1', 'quarantine']);
    });
  });

  describe('builds that begin at once', () => {
    it('are each begun once', async () => {
      const database = server.database();
      const stores = await Promise.all([1, 2, 3].map(() => MongoReadStore.open({ url: database.url })));
      const wanted = [1, 2].map((version) => ({ ...build, version }));
      await Promise.all(stores.flatMap((store) => wanted.map((one) => store.prepare(one, [notes]))));
      await write(stores[0]!);
      for (const store of stores) {
        expect((await store.builds()).map(({ version, checkpoint }) => [version, checkpoint])).toEqual([
          [1, 3n],
          [2, 0n],
        ]);
        expect(await store.count(build, notes)).toBe(1);
      }
      for (const store of stores) await store.close();
      await database.drop();
    });

    const write = (store: MongoReadStore) =>
      store.commit(build, [{ collection: 'notes', id: 'a', position: 3n, expected: null, body: { text: 'a' } }], 3n);
  });
});
