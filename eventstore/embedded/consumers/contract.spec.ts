import type { ConsumerGroups } from '#event-store';
import { SystemClock } from '#platform';
import { describeConsumerGroupsContract, type GroupsHarness } from '../../contract/index.js';
import { openEmbeddedConsumerGroups, openEmbeddedEventStore } from '../index.js';
import { TemporaryDirectory } from '../testing/directories.js';

describeConsumerGroupsContract('Embedded consumer groups', async (): Promise<GroupsHarness> => {
  const directory = await TemporaryDirectory.make();
  const log = await openEmbeddedEventStore({ directory: directory.path });
  const opened: ConsumerGroups[] = [];
  return {
    log,
    open: async () => {
      const clock = new SystemClock();
      const groups = await openEmbeddedConsumerGroups({ directory: directory.path, log, clock });
      opened.push(groups);
      return groups;
    },
    close: async () => {
      await Promise.all(opened.map((groups) => groups.close()));
      await log.close();
      await directory[Symbol.asyncDispose]();
    },
  };
});
