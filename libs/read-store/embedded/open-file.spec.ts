import { spawnSync } from 'node:child_process';
import { mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { defineCollection } from '#read-store';
import { EmbeddedReadStore } from './embedded-read-store.js';
import { reopenReadModels } from './open-file.js';

const build = { name: 'notes', version: 1, build: 1 };
const notes = defineCollection<{ text: string; rest?: string }>({
  name: 'notes',
  fields: { text: 'text' },
  indexes: [['text']],
});

describe('the file of read models', () => {
  let directory: string;
  let path: string;
  let notices: string[];

  beforeEach(async () => {
    directory = await mkdtemp(join(tmpdir(), 'verbatim-read-models-'));
    path = join(directory, 'read-models.db');
    notices = [];
  });
  afterEach(() => rm(directory, { recursive: true }));

  const open = () => EmbeddedReadStore.open({ directory, report: (notice) => notices.push(notice) });

  const filled = async (count = 1) => {
    const store = await open();
    await store.prepare(build, [notes]);
    const writes = Array.from({ length: count }, (_, index) => ({
      collection: 'notes',
      id: `n${index}`,
      position: 1n,
      expected: null,
      body: { text: `canary-${index}`, rest: 'x'.repeat(index % 3 === 0 ? 6_000 : 60) },
    }));
    await store.commit(build, writes, 1n);
    return store;
  };

  /** By a process of its own: closing a file that SQLite has open in this one would drop SQLite's locks on it. */
  const everyByte = async () => {
    const paths = (await readdir(directory)).map((name) => join(directory, name));
    return spawnSync('cat', paths, { encoding: 'latin1', maxBuffer: 64 * 1024 * 1024 }).stdout;
  };

  it('is found again with all that was in it', async () => {
    await (await filled()).close();
    const store = await open();
    expect(await store.builds()).toMatchObject([{ ...build, checkpoint: 1n }]);
    expect(await store.find(build, notes, { limit: 9 })).toMatchObject([{ _id: 'n0', text: 'canary-0' }]);
    expect(notices).toEqual([]);
    await store.close();
  });

  it.each([
    ['is no database', async () => writeFile(path, 'not a database at all'.repeat(20))],
    ['has lost its schema', async () => overwrite(path, 100, 4_000)],
  ])('that %s is set aside and begun anew, and somebody is told', async (_, damage) => {
    await (await filled()).close();
    await damage();
    const store = await open();
    expect(await store.builds()).toEqual([]);
    expect(notices).toEqual([expect.stringContaining('set aside as')]);
    expect((await stat(`${path}.set-aside`)).size).toBeGreaterThan(0);
    await store.close();
  });

  it('whose damage is met at work is reported, and begun anew at the next start', async () => {
    await (await filled(2_000)).close();
    await overwrite(path, 3 * 4_096, (await stat(path)).size - 4 * 4_096);
    const store = await open();
    await expect(store.find(build, notes, { sort: [['text', 'desc']], limit: 2_000 })).rejects.toMatchObject({
      code: 'corrupt',
    });
    expect(notices).toEqual([expect.stringContaining('restart')]);
    await store.close();
    const next = await open();
    expect(await next.builds()).toEqual([]);
    expect(notices).toHaveLength(2);
    await next.close();
    await (await open()).close();
    expect(notices).toHaveLength(2);
  });

  it('that is another database is refused and left as it is', async () => {
    const other = new DatabaseSync(path);
    other.exec('CREATE TABLE somebodys (x); INSERT INTO somebodys VALUES (1)');
    other.close();
    const before = await readFile(path);
    await expect(open()).rejects.toMatchObject({ code: 'foreign_file' });
    expect((await readFile(path)).equals(before)).toBe(true);
    expect(await readdir(directory)).toEqual(['read-models.db']);
  });

  it('of another layout is begun anew', async () => {
    await (await filled()).close();
    const other = new DatabaseSync(path);
    other.exec('PRAGMA user_version = 99');
    other.close();
    const store = await open();
    expect(await store.builds()).toEqual([]);
    expect(notices).toEqual([expect.stringContaining('layout 99')]);
    await store.close();
  });

  it('is overwritten where documents were removed, and its write-ahead log cut, by a purge while it is open', async () => {
    const store = await filled(900);
    expect(await everyByte()).toContain('canary-7');
    const gone = Array.from({ length: 900 }, (_, index) => `n${index}`).filter((_, index) => index !== 400);
    const removals = gone.map((id) => ({ collection: 'notes', id, position: 2n, expected: 1n, body: null }));
    await store.commit(build, removals, 2n);
    await store.purgeFreeSpace();
    const left = [...(await everyByte()).matchAll(/canary-\d+/g)].map(([text]) => text);
    expect(new Set(left)).toEqual(new Set(['canary-400']));
    await store.close();
  });

  it('takes a file set aside along in a purge', async () => {
    await (await filled()).close();
    await overwrite(path, 0, 16);
    const store = await open();
    expect(await everyByte()).toContain('canary-0');
    await store.purgeFreeSpace();
    expect(await everyByte()).not.toContain('canary-0');
    await store.close();
  });

  it('is opened again under others as it is, or not at all', async () => {
    await (await filled()).close();
    await writeFile(`${path}.damaged`, 'found while it was in use');
    const { database, notices: news } = reopenReadModels(path);
    expect([database.prepare('SELECT name FROM builds').get(), news]).toEqual([{ name: 'notes' }, []]);
    database.close();
    expect(await readdir(directory)).toContain('read-models.db.damaged');

    for (const spoil of [() => rm(path), () => writeFile(path, 'no database')]) {
      await spoil();
      expect(() => reopenReadModels(path)).toThrow('restart to have the read models built anew');
    }
    expect(await readFile(path, 'utf8')).toBe('no database');
  });
});

const overwrite = async (path: string, from: number, length: number): Promise<void> => {
  const bytes = await readFile(path);
  bytes.fill(0x5a, from, from + length);
  await writeFile(path, bytes);
};
