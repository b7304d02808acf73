// A process of its own that gives a group other types, unless it is killed over it.

import { openEventStoreDb } from '#event-store/eventstoredb/index.js';

const [url = '', group = '', ...types] = process.argv.slice(2);
const store = await openEventStoreDb({ url });
await store.consumerGroups().ensure(group, { types, after: 'end' });
await store.close();
