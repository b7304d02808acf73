import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describeReadStoreContract } from '../contract/read-store-contract.js';
import { EmbeddedReadStore } from './embedded-read-store.js';

describeReadStoreContract('the embedded read store in memory', async () => ({
  store: await EmbeddedReadStore.open({ directory: ':memory:' }),
  dispose: async () => {},
}));

describeReadStoreContract('the embedded read store on disk', async () => {
  const directory = await mkdtemp(join(tmpdir(), 'verbatim-read-store-'));
  return {
    store: await EmbeddedReadStore.open({ directory }),
    dispose: () => rm(directory, { recursive: true }),
  };
});
