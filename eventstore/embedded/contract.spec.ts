import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll } from '@jest/globals';
import { describeEventStoreContract } from '../contract/index.js';
import { openEmbeddedEventStore } from './index.js';

const directories: string[] = [];

afterAll(() => Promise.all(directories.map((directory) => rm(directory, { recursive: true, force: true }))));

describeEventStoreContract('The embedded store in memory', () => openEmbeddedEventStore({ memory: true }));

describeEventStoreContract('The embedded store in a directory', async () => {
  const directory = await mkdtemp(join(tmpdir(), 'verbatim-log-'));
  directories.push(directory);
  return openEmbeddedEventStore({ directory });
});
