import { afterAll, beforeAll, describe } from '@jest/globals';
import type { ConsumerGroups } from '#event-store';
import { describeAnswering } from './answering.js';
import { Given, type GroupsHarness } from './given.js';
import { describeHandingOut } from './handing-out.js';
import { describeLasting } from './lasting.js';

export type { GroupsHarness } from './given.js';

/**
 * What competing consumers must do on any store. The log may hold events already and others may write to it: every test
 * has a group, streams and event types of its own. Time is real here, with pauses short enough to wait for.
 */
export function describeConsumerGroupsContract(name: string, make: () => Promise<GroupsHarness>): void {
  describe(`${name} keep the contract of consumer groups`, () => {
    let harness: GroupsHarness | undefined;
    let groups: ConsumerGroups | undefined;
    const made = (): GroupsHarness => {
      if (!harness) throw new Error('The harness is not made.');
      return harness;
    };
    const open = async (): Promise<ConsumerGroups> => {
      groups ??= await made().open();
      return groups;
    };
    beforeAll(async () => {
      harness = await make();
    });
    afterAll(() => harness?.close());

    const given = async (): Promise<Given> => new Given(made().log, await open());
    const reopen = async (test: Given): Promise<void> => {
      await groups?.close();
      groups = undefined;
      test.groups = await open();
    };
    describeHandingOut(given);
    describeAnswering(given);
    describeLasting(given, reopen);
  });
}
