import { afterAll, describe, it } from '@jest/globals';
import { describeConsumerGroupsContract } from '../contract/groups/index.js';
import { describeEventStoreContract } from '../contract/index.js';
import { openEventStoreDb } from './index.js';
import { NodeProcess } from './testing/node-process.js';

const nodes: NodeProcess[] = [];
afterAll(async () => {
  for (const node of nodes) await node[Symbol.asyncDispose]();
});

let started: Promise<NodeProcess> | undefined;
const ourNode = async (): Promise<string> => {
  started ??= NodeProcess.start().then((node) => {
    nodes.push(node);
    return node;
  });
  return (await started).connectionString;
};

const suites = (name: string, url: () => Promise<string>): void => {
  describeEventStoreContract(`EventStoreDB's client over ${name}`, async () => openEventStoreDb({ url: await url() }));
  describeConsumerGroupsContract(`Consumer groups over ${name}`, async () => {
    const log = await openEventStoreDb({ url: await url() });
    return { log, open: async () => log.consumerGroups(), close: () => log.close() };
  });
};

suites('our own node', ourNode);

const real = process.env['TEST_EVENTSTOREDB_URL'];
if (real) suites(`the server at ${real}`, async () => real);
else
  describe('A real EventStoreDB', () => {
    it('is not tested: set TEST_EVENTSTOREDB_URL (esdb://…) to run both contracts against one', () => {
      console.info('TEST_EVENTSTOREDB_URL is not set: no real EventStoreDB was tested.');
    });
  });
