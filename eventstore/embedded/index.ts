export { EmbeddedEventStore } from './embedded-event-store.js';
export { type EmbeddedOptions, openEmbeddedEventStore } from './open.js';
