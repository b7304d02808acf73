import { copyFile, readFile, rm, stat, truncate, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { describe, expect, it } from '@jest/globals';
import { event, events } from '../contract/given.js';
import { openEmbeddedEventStore } from './index.js';
import { TemporaryDirectory } from './testing/directories.js';

const TEXT = 'a text that can be found in the file';

/** Makes a log of 50 events, closes it, and hands its file over to be damaged. */
async function damaged(directory: string, damage: (file: string) => Promise<unknown> | unknown): Promise<Buffer> {
  const store = await openEmbeddedEventStore({ directory });
  for (let stream = 0; stream < 10; stream += 1)
    await store.append(`s-${stream}`, 'no_stream', [...events(4), event('said', { text: `${TEXT} ${stream}` })]);
  await store.close();
  const file = join(directory, 'log.db');
  await damage(file);
  return readFile(file).catch(() => Buffer.alloc(0));
}

async function overwrite(file: string, at: number, bytes: Uint8Array): Promise<void> {
  const content = await readFile(file);
  content.set(bytes, at);
  await writeFile(file, content);
}

const statement = (sql: string) => (file: string) => {
  const db = new DatabaseSync(file);
  db.enableDefensive(false);
  db.exec(sql);
  db.close();
};

describe('a damaged file', () => {
  it.each<[string, (file: string) => Promise<unknown> | unknown]>([
    ['is no database', (file) => writeFile(file, Buffer.alloc(8_192, 'not a database '))],
    ['lost its end', async (file) => truncate(file, (await stat(file)).size - 4_096)],
    [
      'has a page overwritten',
      async (file) => overwrite(file, (await stat(file)).size - 8_192, Buffer.alloc(4_096, 0xa5)),
    ],
    ['has a broken header', (file) => overwrite(file, 0, Buffer.from('SQLite'.toUpperCase()))],
    ['belongs to another program', statement('PRAGMA application_id = 77')],
    ['comes from a later version', statement('PRAGMA user_version = 3')],
    ['misses an index', statement('DROP INDEX events_by_stream')],
    ['has another table', statement('CREATE TABLE extra (x)')],
    ['holds events beyond its head', statement("UPDATE sqlite_sequence SET seq = 3 WHERE name = 'events'")],
  ])('that %s is reported and left as it is', async (_, damage) => {
    await using directory = await TemporaryDirectory.make();
    const before = await damaged(directory.path, damage);
    await expect(directory.open()).rejects.toMatchObject({
      code: 'corrupt',
      message: expect.stringContaining('log.db'),
    });
    expect((await readFile(join(directory.path, 'log.db'))).equals(before)).toBe(true);
  });

  it('that is missing beside its write-ahead log is reported, and no new log is begun', async () => {
    await using directory = await TemporaryDirectory.make();
    const file = join(directory.path, 'log.db');
    await damaged(directory.path, async () => {
      await copyFile(file, `${file}-wal`);
      await rm(file);
    });
    await expect(directory.open()).rejects.toMatchObject({ code: 'corrupt' });
    await expect(stat(file)).rejects.toMatchObject({ code: 'ENOENT' });
  });

  it('frees the directory when it is refused', async () => {
    await using directory = await TemporaryDirectory.make();
    await damaged(directory.path, (file) => writeFile(file, 'x'.repeat(5_000)));
    for (let again = 0; again < 2; again += 1)
      await expect(directory.open()).rejects.toMatchObject({ code: 'corrupt' });
  });
});

describe('a flipped bit inside an event', () => {
  it('is reported by every read that touches the event, with its position, and by no other', async () => {
    await using directory = await TemporaryDirectory.make();
    await damaged(directory.path, async (file) => {
      const at = (await readFile(file)).indexOf(`${TEXT} 7`);
      await overwrite(file, at, Buffer.from('A'));
    });
    const store = await directory.open();
    const reported = { code: 'corrupt', details: { position: 40, revision: 4 } };
    await expect(store.readStream('s-7', { limit: 10 })).rejects.toMatchObject(reported);
    await expect(store.readAll({ limit: 4_096 })).rejects.toMatchObject(reported);
    expect((await store.readStream('s-7', { limit: 4 })).events).toHaveLength(4);
    expect((await store.readStream('s-6', { limit: 10 })).events).toHaveLength(5);
    await store.close();
  });
});
