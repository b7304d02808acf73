import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { isVerbatimError } from '#platform';
import { WireProxy } from '#platform/mongodb/testing/wire-proxy.js';
import { withMongo } from '#platform/mongodb/testing/with-mongo.js';
import { describeOpsStoreContract } from '../contract/index.js';
import { MongoOpsStore, type MongoOpsStoreOptions } from './index.js';

const SECRET = 'a secret for specs, as long as secrets must be';
const HOUR = 60 * 60 * 1000;

withMongo((server) => {
  describe('the operational store in MongoDB', () => {
    describeOpsStoreContract(
      'the MongoDB store',
      () => {
        const database = server.database();
        return {
          open: (secret = SECRET) => MongoOpsStore.open({ url: database.url, secret }),
          cleanUp: () => database.drop(),
        };
      },
      { keeps: true },
    );

    let database = server.database();
    let opened: { close(): Promise<void> }[] = [];
    const keep = <Closable extends { close(): Promise<void> }>(closable: Closable): Closable => {
      opened.unshift(closable);
      return closable;
    };
    const open = async (options: Partial<MongoOpsStoreOptions> = {}): Promise<MongoOpsStore> =>
      keep(await MongoOpsStore.open({ url: database.url, secret: SECRET, ...options }));
    const chunks = (): Promise<number> => database.bare((bare) => bare.collection('artifacts.chunks').countDocuments());

    beforeEach(() => {
      database = server.database();
      opened = [];
    });
    afterEach(async () => {
      for (const one of opened) await one.close();
      await database.drop();
    });

    it('gives two processes that race the same keys, salts and artifacts, and one of them the lease and the request', async () => {
      await open();
      const script = fileURLToPath(new URL('./testing/racer.js', import.meta.url));
      const racers = [1, 2].map(() => {
        const child = spawn(process.execPath, [script, database.url, SECRET], { stdio: ['pipe', 'pipe', 'inherit'] });
        return { child, lines: createInterface(child.stdout)[Symbol.asyncIterator]() };
      });
      for (const { lines } of racers) expect((await lines.next()).value).toBe('ready');
      for (const { child } of racers) child.stdin.write('go\n');
      const results = [];
      for (const { child, lines } of racers) {
        results.push(JSON.parse((await lines.next()).value as string));
        if (child.exitCode === null) await once(child, 'exit');
      }
      const [one, two] = results;
      expect(one.keys).toHaveLength(40);
      expect({ ...one, lease: 0, outcome: 0 }).toEqual({ ...two, lease: 0, outcome: 0 });
      expect([one.lease, two.lease].toSorted()).toEqual([false, true]);
      expect([one.outcome, two.outcome].toSorted()).toEqual(['in_use', 'started']);
      const files = await database.bare((bare) => bare.collection('artifacts.files').countDocuments());
      expect([files, await chunks()]).toEqual([1, 3]);
    });

    it('opens nothing in any process from the moment a destruction is answered', async () => {
      const [one, two] = [await open(), await open()];
      await one.keys.obtain('session:s-1');
      expect(await two.keys.find('session:s-1')).toMatchObject({ state: 'live' });
      await one.keys.destroy('session:s-1');
      expect(await two.keys.find('session:s-1')).toEqual({ state: 'destroyed' });
      expect(await two.keys.obtain('session:s-1')).toEqual({ state: 'destroyed' });
    });

    it('takes back an artifact that another process wrote while its subject was deleted', async () => {
      const [one, two] = [await open(), await open()];
      const puts = Promise.allSettled(
        Array.from({ length: 8 }, (_, index) => two.artifacts.put('session:s-1', Buffer.alloc(300_000, index))),
      );
      await one.keys.destroy('session:s-1');
      await one.artifacts.deleteAll('session:s-1');
      for (const put of await puts)
        if (put.status === 'rejected') expect(isVerbatimError(put.reason, 'not_found')).toBe(true);
      expect(await chunks()).toBe(0);
    });

    it('leaves no chunk of a deleted subject when the deletion died between files and chunks', async () => {
      const store = await open();
      await store.artifacts.put('session:s-1', Buffer.alloc(600_000));
      await store.artifacts.put('session:s-2', Buffer.alloc(600_000));
      const filesOfFirst = await database.bare(async (bare) => {
        const files = bare.collection('artifacts.files');
        const first = await files.findOne({}, { sort: { uploadDate: 1 } });
        return files.deleteOne({ _id: first!._id });
      });
      expect([filesOfFirst.deletedCount, await chunks()]).toEqual([1, 6]);
      await store.artifacts.deleteAll('session:s-1');
      expect(await chunks()).toBe(3);
    });

    const leaveHalfAnUpload = (since: number): Promise<void> =>
      database.bare(async (bare) => {
        const id = `folder/${since}`;
        await bare.collection<{ _id: string; since: number }>('uploads').insertOne({ _id: id, since });
        await bare.collection('artifacts.chunks').insertOne({ files_id: id, n: 0, data: Buffer.from('half') });
      });

    it('clears away what an upload left that died more than an hour ago, at the start and with every deletion', async () => {
      await (await open()).close();
      await leaveHalfAnUpload(Date.now() - HOUR - 60_000);
      const store = await open();
      expect(await chunks()).toBe(0);
      await leaveHalfAnUpload(Date.now() - HOUR - 60_000);
      await leaveHalfAnUpload(Date.now() - HOUR / 2);
      await store.purgeFreeSpace();
      expect(await chunks()).toBe(1);
    });

    it('keeps an artifact whose upload died after its last write', async () => {
      const store = await open();
      const { artifactId } = await store.artifacts.put('session:s-1', Buffer.from('whole'));
      await database.bare(async (bare) => {
        const file = await bare.collection('artifacts.files').findOne({});
        const note = { _id: file!._id as unknown as string, since: Date.now() - 2 * HOUR };
        await bare.collection<typeof note>('uploads').insertOne(note);
      });
      await store.purgeFreeSpace();
      expect((await store.artifacts.get('session:s-1', artifactId))?.toString()).toBe('whole');
      expect(await database.bare((bare) => bare.collection('uploads').countDocuments())).toBe(0);
    });

    it('says that an artifact lost its chunks instead of handing out less', async () => {
      const store = await open();
      const { artifactId } = await store.artifacts.put('session:s-1', Buffer.alloc(600_000));
      await database.bare((bare) => bare.collection('artifacts.chunks').deleteOne({ n: 2 }));
      await expect(store.artifacts.get('session:s-1', artifactId)).rejects.toThrow();
      await database.bare((bare) => bare.collection('artifacts.chunks').deleteMany({}));
      await expect(store.artifacts.get('session:s-1', artifactId)).rejects.toThrow();
    });

    it('holds nothing readable: no key, no content, no word of a caller', async () => {
      const store = await open();
      const key = await store.keys.obtain('session:s-1');
      await store.artifacts.put('session:s-1', Buffer.from('what Ada wrote'));
      const request = { scope: 'route of Ada', key: 'key of Ada', fingerprint: 'print of Ada', now: 0, lockUntil: 1 };
      const start = await store.idempotency.begin(request);
      if (start.outcome !== 'started') throw new Error(start.outcome);
      const answer = { status: 200, headers: {}, body: 'answer to Ada' };
      await store.idempotency.finish({ ...request, token: start.token, answer });
      const everything = await database.bare(async (bare) => {
        const collections = await bare.listCollections().toArray();
        return Promise.all(
          collections.map(({ name }) => bare.collection(name, { promoteBuffers: true }).find().toArray()),
        );
      });
      const bytes = JSON.stringify(everything, (_, value) =>
        value?.type === 'Buffer' ? Buffer.from(value.data).toString('latin1') : value,
      );
      expect(bytes).not.toContain('Ada');
      if (key.state !== 'live') throw new Error(key.state);
      expect(bytes).not.toContain(JSON.stringify(key.key.toString('latin1')).slice(1, -1));
    });

    it('refuses an address that names no database', async () => {
      const url = new URL(database.url);
      url.pathname = '/';
      await expect(open({ url: url.href })).rejects.toThrow('must name its database');
    });

    it('says that the server is away, in bounded time, and goes on when it is back', async () => {
      const proxy = keep(await WireProxy.before(database.url));
      const store = await open({ url: proxy.url, deadlineMs: 1000 });
      await store.checkpoints.save('mail', 1n);
      proxy.down();
      await expect(store.checkpoints.save('mail', 2n)).rejects.toMatchObject({ code: 'storage_unavailable' });
      await expect(store.keys.obtain('session:s-1')).rejects.toMatchObject({ code: 'storage_unavailable' });
      await expect(store.artifacts.put('session:s-1', Buffer.from('x'))).rejects.toMatchObject({
        code: 'storage_unavailable',
      });
      proxy.up();
      await expect(retried(() => store.checkpoints.save('mail', 3n))).resolves.toBeUndefined();
      expect(await store.checkpoints.load('mail')).toBe(3n);
    });

    it('gives up on a server that falls silent, and goes on when it speaks again', async () => {
      const proxy = keep(await WireProxy.before(database.url));
      const store = await open({ url: proxy.url, deadlineMs: 500 });
      await store.leases.acquire('projector', 'a', 60_000);
      proxy.silent();
      await expect(store.leases.acquire('projector', 'a', 60_000)).rejects.toMatchObject({
        code: 'storage_unavailable',
      });
      proxy.up();
      await expect(retried(() => store.leases.acquire('projector', 'a', 60_000))).resolves.toBe(true);
    });

    it('does not open while the server is away', async () => {
      const proxy = keep(await WireProxy.before(database.url));
      proxy.down();
      await expect(open({ url: proxy.url, deadlineMs: 500 })).rejects.toMatchObject({
        code: 'storage_unavailable',
      });
    });
  });
});

/** The driver looks again by itself; once it has missed the server, calls in between fail at once. */
const retried = async <Result>(work: () => Promise<Result>, tries = 1_000): Promise<Result> => {
  try {
    return await work();
  } catch (error) {
    if (tries === 0 || !isVerbatimError(error, 'storage_unavailable')) throw error;
    await sleep(20);
    return retried(work, tries - 1);
  }
};
