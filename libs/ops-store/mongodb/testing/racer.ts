import { createHash } from 'node:crypto';
import { isVerbatimError } from '#platform';
import { MongoOpsStore } from '../index.js';

/**
 * A process of its own: opens the store, says so, and races when told to. Prints what it got, keys as hashes: two processes
 * that print the same saw the same.
 */
const [url = '', secret = ''] = process.argv.slice(2);
const subjects = Array.from({ length: 40 }, (_, index) => `session:raced-${index}` as const);
const digest = (key: Buffer): string => createHash('sha256').update(key).digest('hex');

const race = async (store: MongoOpsStore): Promise<unknown> => {
  const keys = await Promise.all(subjects.map((subject) => store.keys.obtain(subject)));
  const salt = await store.salts.obtain('raced');
  const { artifactId } = await store.artifacts.put('session:raced-artifact', Buffer.alloc(700_000, 7));
  const lease = await store.leases.acquire('raced', String(process.pid), 60_000);
  const now = Date.now();
  const request = { scope: 's', key: 'raced', fingerprint: 'f', now, lockUntil: now + 60_000 };
  const { outcome } = await store.idempotency.begin(request);
  return {
    keys: keys.map((key) => (key.state === 'live' ? digest(key.key) : key.state)),
    salt: digest(salt),
    artifactId,
    lease,
    outcome,
  };
};

const store = await MongoOpsStore.open({ url, secret });
process.stdout.write('ready\n');
process.stdin.once('data', async () => {
  const result = await race(store).catch((error: unknown) => ({
    failed: isVerbatimError(error) ? error.code : String(error),
  }));
  process.stdout.write(`${JSON.stringify(result)}\n`);
  await store.close();
  process.stdin.destroy();
});
