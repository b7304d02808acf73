export type { Aggregate, Decision, Evolvable } from './aggregate.js';
export { AggregateStore, type Changed, type FactsPage, type Loaded } from './aggregate-store.js';
export { defineEvent, EventCatalogue, type EventDefinition, type EventOf, type StructureKind } from './catalogue.js';
export { FactCodec, MAX_EVENT_BYTES, type PlainEvent } from './codec.js';
export { CommandContext } from './context.js';
export type { Actor, Decided, DomainEvent, Fact, FactMetadata } from './facts.js';
export { LogAggregateStore, MAX_APPEND_BYTES } from './log-aggregate-store.js';
export type { Policy } from './policy.js';
export { parseStream, type StreamParts, streamName, subjectOf } from './streams.js';
