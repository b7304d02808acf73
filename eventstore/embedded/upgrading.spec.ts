import { readFileSync } from 'node:fs';
import { copyFile } from 'node:fs/promises';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { describe, expect, it } from '@jest/globals';
import { content, event, events, ids } from '../contract/given.js';
import { openEmbeddedEventStore } from './index.js';
import { TemporaryDirectory } from './testing/directories.js';

/** A log as version 1 wrote it: the time of writing was not kept, and the column had another name. */
async function makeOld(directory: string): Promise<void> {
  const store = await openEmbeddedEventStore({ directory });
  await store.append('a', 'no_stream', old);
  await store.append('b', 'no_stream', [event('said', { text: 'secret-of-b' })]);
  await store.close();
  const db = new DatabaseSync(join(directory, 'log.db'));
  db.exec('UPDATE events SET stamp = stamp % 2; ALTER TABLE events RENAME COLUMN stamp TO json; VACUUM');
  db.exec('PRAGMA user_version = 1; PRAGMA wal_checkpoint(TRUNCATE)');
  db.close();
}

const old = [...events(3), { ...event(), contentType: 'application/octet-stream' as const }];
const version = (directory: string): unknown => {
  const db = new DatabaseSync(join(directory, 'log.db'), { readOnly: true });
  const { user_version } = db.prepare('PRAGMA user_version').get() ?? {};
  db.close();
  return user_version;
};

describe('a log from before the time of writing was kept', () => {
  it('opens with every event as it was, and goes on', async () => {
    await using directory = await TemporaryDirectory.make();
    await makeOld(directory.path);
    expect(version(directory.path)).toBe(1);
    const store = await directory.open();
    expect((await store.readStream('a', { limit: 10 })).events.map(content)).toEqual(old.map(content));
    const more = events(2);
    await store.append('a', 3n, more);
    await store.close();
    expect(version(directory.path)).toBe(2);
    const again = await directory.open();
    expect(ids((await again.readStream('a', { limit: 10 })).events)).toEqual(ids([...old, ...more]));
    const page = await again.engine.readLog({ kind: 'log', backwards: false, from: 0, limit: 10, conditions });
    expect([...page.rows.created].map((at) => at > 0)).toEqual([false, false, false, false, false, true, true]);
  });

  it('still forgets a deleted stream to the byte', async () => {
    await using directory = await TemporaryDirectory.make();
    await makeOld(directory.path);
    const store = await directory.open();
    await store.deleteStream('b');
    await store.close();
    expect(readFileSync(join(directory.path, 'log.db')).includes('secret-of-b')).toBe(false);
    expect(readFileSync(join(directory.path, 'log.db')).includes('"text":"x"')).toBe(true);
  });

  it('is left as it is when it is damaged', async () => {
    await using directory = await TemporaryDirectory.make();
    await makeOld(directory.path);
    const db = new DatabaseSync(join(directory.path, 'log.db'));
    db.exec('DROP INDEX events_by_stream; PRAGMA wal_checkpoint(TRUNCATE)');
    db.close();
    const copy = join(directory.path, 'copy');
    await copyFile(join(directory.path, 'log.db'), copy);
    await expect(directory.open()).rejects.toMatchObject({ code: 'corrupt' });
    expect(readFileSync(join(directory.path, 'log.db')).equals(readFileSync(copy))).toBe(true);
  });
});

const conditions = { deletions: true };
