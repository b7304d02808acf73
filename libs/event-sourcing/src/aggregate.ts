import type { EventCatalogue } from './catalogue.js';
import type { Decided, DomainEvent, Fact } from './facts.js';

/** What `evolve` may look at besides the event itself. In tests a `{type, data}` with these few fields is enough. */
export type Evolvable<Event extends DomainEvent> = Event & Pick<Fact, 'id' | 'revision' | 'metadata' | 'erased'>;

/**
 * The whole domain model of a stream: three pure functions and data. No Nest, no clock, no random, no I/O.
 * `evolve` is total: an unknown type leaves the state as it is, and nothing throws.
 */
export interface Aggregate<State, Event extends DomainEvent> {
  /** The stream category: `session` in `session-<orgId>.<id>`. */
  readonly category: string;
  readonly catalogue: EventCatalogue;
  readonly initialState: State;
  evolve(state: State, event: Evolvable<Event>): State;
  /** Rough bytes in memory, for the cache of hot states. Default 1 KiB. */
  sizeOf?(state: State): number;
}

/** What `decide` answers: the events to append (none is a no-op) and what the caller is told. */
export interface Decision<Event extends DomainEvent, Answer = void> {
  readonly events: readonly Decided<Event>[];
  readonly answer: Answer;
}
