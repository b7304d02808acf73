// A process of its own that consumes until it is killed, telling line by line what it did with which event.

import { SystemClock } from '#platform';
import { openEmbeddedConsumerGroups, openEmbeddedEventStore } from '../../index.js';

const [directory = '', group = ''] = process.argv.slice(2);
const log = await openEmbeddedEventStore({ directory });
const groups = await openEmbeddedConsumerGroups({ directory, log, clock: new SystemClock() });

let taken = 0;
const consume = async (): Promise<void> => {
  for await (const delivery of groups.consume(group, { buffer: 20 })) {
    taken += 1;
    const { id } = delivery.event;
    // Every kind of answer, in an order of no regularity with the log's.
    if (taken % 17 === 0) {
      await delivery.park('the seventeenth');
      process.stdout.write(`parked ${id}\n`);
    } else if (taken % 5 === 0) await delivery.retry(taken % 3, 'the fifth');
    else {
      await delivery.ack();
      process.stdout.write(`acknowledged ${id}\n`);
    }
  }
};
await Promise.all([consume(), consume(), consume()]);
