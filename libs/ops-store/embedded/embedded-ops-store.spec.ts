import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { isVerbatimError } from '#platform';
import { describeOpsStoreContract } from '../contract/index.js';
import { EmbeddedOpsStore } from './index.js';

const SECRET = 'a secret for specs, as long as secrets must be';

describeOpsStoreContract(
  'the embedded store on files',
  () => {
    const dataDir = mkdtempSync(join(tmpdir(), 'verbatim-ops-'));
    return {
      open: (secret = SECRET) => EmbeddedOpsStore.open({ dataDir, secret }),
      cleanUp: async () => rmSync(dataDir, { recursive: true }),
    };
  },
  { keeps: true },
);

describeOpsStoreContract(
  'the embedded store in memory',
  () => ({ open: (secret = SECRET) => EmbeddedOpsStore.open({ secret }), cleanUp: async () => {} }),
  { keeps: false },
);

describe('the embedded store on files', () => {
  let dataDir = '';
  let opened: EmbeddedOpsStore[] = [];
  const open = async (maxPages?: number): Promise<EmbeddedOpsStore> => {
    const store = await EmbeddedOpsStore.open({ dataDir, secret: SECRET, ...(maxPages ? { maxPages } : {}) });
    opened.push(store);
    return store;
  };
  const filesUnder = (path: string): string[] =>
    readdirSync(path, { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile())
      .map((entry) => join(entry.parentPath, entry.name));

  beforeEach(() => {
    dataDir = mkdtempSync(join(tmpdir(), 'verbatim-ops-'));
    opened = [];
  });
  afterEach(async () => {
    await Promise.all(opened.map((store) => store.close()));
    rmSync(dataDir, { recursive: true });
  });

  it('says that an artifact was damaged instead of handing it out', async () => {
    const { artifacts } = await open();
    const { artifactId } = await artifacts.put('session:s-1', Buffer.from('content'));
    const [file] = filesUnder(join(dataDir, 'artifacts'));
    const bytes = readFileSync(file!);
    bytes[20]! ^= 1;
    writeFileSync(file!, bytes);
    await expect(artifacts.get('session:s-1', artifactId)).rejects.toThrow();
  });

  it('refuses a damaged database, says so, and leaves it as it is', async () => {
    await (await open()).close();
    const path = join(dataDir, 'ops.db');
    const damaged = Buffer.concat([Buffer.from('not a database'), readFileSync(path).subarray(14)]);
    writeFileSync(path, damaged);
    await expect(open()).rejects.toMatchObject({
      code: 'storage_unavailable',
      message: expect.stringContaining('ops.db is damaged'),
    });
    expect(readFileSync(path).equals(damaged)).toBe(true);
  });

  it('takes over what the version before it kept, and knows queues from then on', async () => {
    const kept = {
      id: 'd-1',
      orgId: 'org-1',
      kind: 'invitation',
      subject: 'session:s-1',
      refs: {},
      queue: null,
    } as const;
    const times = {
      state: 'pending',
      attempts: 0,
      nextAttemptAt: 1,
      createdAt: 1,
      sentAt: null,
      lastError: null,
    } as const;
    const before = await open();
    await before.deliveries.add({ ...kept, ...times });
    await before.close();
    const file = new DatabaseSync(join(dataDir, 'ops.db'));
    for (const index of ['deliveries_by_target', 'deliveries_due_by_target', 'deliveries_in_lane'])
      file.exec(`DROP INDEX ${index}`);
    for (const column of ['target', 'lane', 'place']) file.exec(`ALTER TABLE deliveries DROP COLUMN ${column}`);
    file.exec('DROP TABLE failures');
    file.exec('PRAGMA user_version = 1');
    file.close();
    const { deliveries, failures } = await open();
    expect(await deliveries.due(1, 10)).toEqual([{ ...kept, ...times }]);
    const queue = { target: 'hook-1', lane: 'lane-1', place: '1' };
    await deliveries.add({ ...kept, ...times, id: 'd-2', queue });
    expect(await deliveries.headOf('lane-1')).toMatchObject({ id: 'd-2', queue });
    await failures.note('192.0.2.7', 1, 2);
  });

  it('answers what was asked before it was closed', async () => {
    const store = await open();
    const asked = Array.from({ length: 300 }, (_, index) => store.checkpoints.save(`policy-${index}`, 1n));
    await Promise.all([store.close(), ...asked]);
    expect(await (await open()).checkpoints.load('policy-299')).toBe(1n);
  });

  it('names artifacts after nothing that anybody knows', async () => {
    const { artifacts } = await open();
    await artifacts.put('session:ada-lovelace', Buffer.from('content'));
    const names = filesUnder(dataDir).join('\n');
    expect(names).not.toContain('ada');
    expect(filesUnder(join(dataDir, 'artifacts'))).toHaveLength(1);
  });

  it('clears away what a crash left half-written', async () => {
    await (await open()).close();
    writeFileSync(join(dataDir, 'artifacts', 'unfinished', 'half'), 'half');
    await open();
    expect(filesUnder(join(dataDir, 'artifacts'))).toEqual([]);
  });

  it.each(['', '-wal', '-shm'])('is readable by its owner alone: ops.db%s', async (suffix) => {
    const { keys } = await open();
    await keys.obtain('session:s-1');
    expect(statSync(join(dataDir, `ops.db${suffix}`)).mode & 0o077).toBe(0);
  });

  it('answers a full disk with storage_unavailable, keeps what it had and goes on with what needs no room', async () => {
    const store = await open(40);
    const kept: string[] = [];
    let refused: unknown;
    for (let index = 0; index < 5000 && !refused; index += 1) {
      const subject = `session:${index}` as const;
      await store.keys.obtain(subject).then(
        () => kept.push(subject),
        (error: unknown) => {
          refused = error;
        },
      );
    }
    expect(isVerbatimError(refused, 'storage_unavailable')).toBe(true);
    await store.keys.destroy(kept[0] as `session:${string}`);
    await store.close();
    const again = await open();
    expect(await again.keys.find(kept[0] as `session:${string}`)).toEqual({ state: 'destroyed' });
    expect(await again.keys.find(kept.at(-1) as `session:${string}`)).toMatchObject({ state: 'live' });
    expect(await again.keys.find(`session:${kept.length}`)).toBeUndefined();
    expect(await again.keys.obtain(`session:${kept.length}`)).toMatchObject({ state: 'live' });
  });

  it('takes back one step of a commit alone', async () => {
    const store = await open();
    const notWholeMilliseconds = 0.5;
    const [good, bad, alsoGood] = await Promise.allSettled([
      store.checkpoints.save('a', 1n),
      store.leases.acquire('a', 'holder', notWholeMilliseconds),
      store.checkpoints.save('b', 2n),
    ]);
    expect([good?.status, bad?.status, alsoGood?.status]).toEqual(['fulfilled', 'rejected', 'fulfilled']);
    expect(await store.checkpoints.load('a')).toBe(1n);
    expect(await store.checkpoints.load('b')).toBe(2n);
  });
});
