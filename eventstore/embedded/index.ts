export { EmbeddedConsumerGroups } from './consumers/embedded-consumer-groups.js';
export { type ConsumerGroupsOptions, openEmbeddedConsumerGroups } from './consumers/open.js';
export { EmbeddedEventStore } from './embedded-event-store.js';
export { type EmbeddedOptions, openEmbeddedEventStore } from './open.js';
