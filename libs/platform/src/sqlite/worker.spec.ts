import { mkdir, mkdtemp, readFile, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { until } from '../testing/until.js';
import { openDatabase, sqliteFault, truncateWal, WorkerClient, type WorkerOptions } from './index.js';
import type { CountingMethods } from './testing/counting.worker.js';

describe('SQLite in a worker', () => {
  let directory: string;
  let path: string;
  let clients: WorkerClient<CountingMethods>[];

  beforeEach(async () => {
    directory = await mkdtemp(join(tmpdir(), 'verbatim-sqlite-'));
    path = join(directory, 'counts.db');
    clients = [];
  });
  afterEach(async () => {
    for (const client of clients) await client.close();
    await rm(directory, { recursive: true });
  });

  const start = async (data: object = { path }, options: WorkerOptions = {}) => {
    const script = new URL('./testing/counting.worker.js', import.meta.url);
    const client = await WorkerClient.start<CountingMethods>(script, 'counting', data, options);
    clients.push(client);
    return client;
  };

  it('answers calls in the order they were made', async () => {
    const client = await start();
    expect(await Promise.all([1, 2, 3].map((amount) => client.call('add', amount)))).toEqual([1, 3, 6]);
  });

  it('hands on errors with their name and fields, and goes on', async () => {
    const client = await start();
    await expect(client.call('fail')).rejects.toMatchObject({
      name: 'RangeError',
      message: 'too many',
      code: 'too_many',
      details: { limit: 3 },
    });
    expect(await client.call('add', 1)).toBe(1);
  });

  it('undoes a transaction that throws', async () => {
    const client = await start();
    await expect(client.call('addThenFail', 5)).rejects.toThrow('too many');
    expect(await client.call('add', 1)).toBe(1);
  });

  it('names the faults of SQLite, a full disk among them, and works on when there is room', async () => {
    const client = await start({ path, maxPages: 4 });
    const fill = client.call('runSql', `INSERT INTO counts SELECT value FROM json_each('[${'1,'.repeat(9_999)}1]')`);
    expect(sqliteFault(await fill.catch((error: unknown) => error))).toBe('full');
    await client.call('runSql', 'PRAGMA max_page_count = 1000');
    expect(await client.call('add', 7)).toBe(7);
    const wrong = await client.call('runSql', 'no sql').catch((error: unknown) => error);
    expect(wrong).toBeInstanceOf(Error);
    expect(sqliteFault(wrong)).toBeUndefined();
  });

  it('tells why it could not start', async () => {
    const cannot = await start({ path: join(directory, 'no', 'such', 'folder.db') }).catch((error: unknown) => error);
    expect(sqliteFault(cannot)).toBe('cannot_open');
  });

  it('answers what was asked before it closed, and refuses what comes after', async () => {
    const client = await start();
    const asked = client.call('add', 1);
    await Promise.all([client.close(), client.close()]);
    expect(await asked).toBe(1);
    await expect(client.call('add', 1)).rejects.toMatchObject({ name: 'WorkerGoneError' });
  });

  it('tells everyone who waits that it died', async () => {
    const client = await start();
    const waiting = [client.call('die'), client.call('add', 1)];
    for (const one of waiting) await expect(one).rejects.toMatchObject({ name: 'WorkerGoneError' });
    await expect(client.call('add', 1)).rejects.toMatchObject({ name: 'WorkerGoneError' });
  });

  it('is followed by another thread on the same file when it dies, whatever it was doing', async () => {
    const reports: Error[] = [];
    const client = await start({ path }, { successor: { path }, report: (why) => reports.push(why) });
    await client.call('add', 1);
    for (let death = 1; death <= 3; death += 1) {
      // In the middle of a transaction, which nobody will have kept.
      await expect(client.call('dieAdding', 100)).rejects.toMatchObject({ name: 'WorkerGoneError', isClosed: false });
      expect(reports).toHaveLength(death);
      await until(() =>
        client.call('add', 1).then(
          (sum) => sum === death + 1,
          () => false,
        ),
      );
    }
    await client.close();
    await expect(client.call('add', 1)).rejects.toMatchObject({ isClosed: true });
    expect(reports).toHaveLength(3);
  });

  it('says why no thread follows, and goes on when one can', async () => {
    const reports: Error[] = [];
    const aside = { path: join(directory, 'later', 'counts.db') };
    const client = await start({ path }, { successor: aside, report: (why) => reports.push(why) });
    await client.call('die').catch(() => {});
    await until(() => reports.length > 2);
    expect(reports.map(({ message }) => message)).toEqual([
      expect.stringMatching(/ended with code 3/),
      ...reports.slice(1).map(() => expect.stringMatching(/unable to open/)),
    ]);
    await mkdir(join(directory, 'later'));
    await until(() =>
      client.call('add', 5).then(
        (sum) => sum === 5,
        () => false,
      ),
    );
  });

  it('leaves nothing of what was deleted in the file or its write-ahead log', async () => {
    const database = openDatabase(path, { synchronous: 'FULL' });
    database.exec(`CREATE TABLE texts (text); INSERT INTO texts VALUES ('canary'); DELETE FROM texts`);
    truncateWal(database);
    expect((await readFile(path)).includes('canary')).toBe(false);
    expect((await stat(`${path}-wal`)).size).toBe(0);
    database.close();
  });
});
