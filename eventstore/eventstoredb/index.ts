import { EventStoreDbEventStore, type EventStoreDbOptions } from './eventstoredb-event-store.js';

export { EventStoreDbEventStore, type EventStoreDbOptions };

/** @throws EventStoreError invalid_argument (the URL) | unavailable (no server within ten seconds) */
export const openEventStoreDb = (options: EventStoreDbOptions): Promise<EventStoreDbEventStore> =>
  EventStoreDbEventStore.open(options);

export { EventStoreDbConsumerGroups } from './groups/eventstoredb-consumer-groups.js';
