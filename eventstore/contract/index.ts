import { afterAll, beforeAll, describe } from '@jest/globals';
import type { EventStore } from '#event-store';
import { describeAppending } from './appending.js';
import { describeClosing } from './closing.js';
import { describeDeleting } from './deleting.js';
import { describeProperties } from './properties.js';
import { describeReading } from './reading.js';
import { describeSubscribing } from './subscribing.js';

export { describeConsumerGroupsContract, type GroupsHarness } from './groups/index.js';

/**
 * What every event store must do to be called one. `make` opens a store that nobody else writes to while the suite
 * runs; it may hold events already. The suite closes what it opens.
 */
export function describeEventStoreContract(name: string, make: () => Promise<EventStore>): void {
  describe(`${name} keeps the event store's contract`, () => {
    let opened: EventStore | undefined;
    const store = (): EventStore => {
      if (!opened) throw new Error('The store is not open.');
      return opened;
    };
    beforeAll(async () => {
      opened = await make();
    });
    afterAll(() => opened?.close());
    describeAppending(store);
    describeReading(store);
    describeDeleting(store);
    describeSubscribing(store);
    describeProperties(store);
    describeClosing(make);
  });
}
