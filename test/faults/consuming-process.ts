// A process of its own that consumes a group until it is killed, telling what it was handed and what it acknowledged.

import { openEventStoreDb } from '#event-store/eventstoredb/index.js';

const [url = '', group = ''] = process.argv.slice(2);
const tell = (message: object): boolean => process.stdout.write(`${JSON.stringify(message)}\n`);

const store = await openEventStoreDb({ url });
for await (const delivery of store.consumerGroups().consume(group, { buffer: 8 })) {
  const { id } = delivery.event;
  tell({ handed: id });
  const { n } = JSON.parse(Buffer.from(delivery.event.data).toString()) as { n: number };
  if (n % 10 === 7) {
    await delivery.park('a seven');
    tell({ parked: id });
  } else if (n % 2 === 0) {
    await delivery.ack();
    tell({ acknowledged: id });
  }
  // What is left unanswered is what a kill in the middle of a batch leaves.
}
