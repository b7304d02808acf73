export {
  type ConsumeOptions,
  ConsumerGroups,
  type GroupDelivery,
  type GroupSettings,
  type GroupStatus,
  type ParkedEvent,
} from './consumer-groups.js';
export { EventStoreError, type EventStoreErrorCode, isEventStoreError } from './errors.js';
export {
  type AppendResult,
  type CallOptions,
  type EventData,
  EventStore,
  type ExpectedRevision,
  type LogFilter,
  type LogPage,
  type ReadAllOptions,
  type ReadStreamOptions,
  type RecordedEvent,
  type StreamPage,
  type SubscribeOptions,
  type SubscriptionMessage,
} from './event-store.js';
export { areSameEvents } from './same-events.js';
