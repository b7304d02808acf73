import type { Aggregate, Decision } from './aggregate.js';
import type { CommandContext } from './context.js';
import type { DomainEvent, Fact } from './facts.js';

export interface Loaded<State> {
  readonly state: State;
  /** -1 when the stream does not exist. */
  readonly revision: number;
}

export interface Changed<State, Answer> extends Loaded<State> {
  readonly answer: Answer;
  /** State the decision was made on. */
  readonly before: State;
  /** How many events were appended. */
  readonly appended: number;
  /** Position of the last event appended; null for a no-op. */
  readonly position: bigint | null;
}

export interface FactsPage<Event extends DomainEvent = DomainEvent> {
  readonly facts: readonly Fact<Event>[];
  readonly next: number | null;
  readonly lastRevision: number;
}

/** Loads, decides, appends: the one way business events get into the log. */
export abstract class AggregateStore {
  /** Fold of the stream up to its present end (hot state + tail read). A deleted stream reads as missing. */
  abstract load<State, Event extends DomainEvent>(
    aggregate: Aggregate<State, Event>,
    stream: string,
  ): Promise<Loaded<State>>;

  /** Fold from scratch up to and with `revision`: what the state was then. */
  abstract loadAt<State, Event extends DomainEvent>(
    aggregate: Aggregate<State, Event>,
    stream: string,
    revision: number,
  ): Promise<Loaded<State>>;

  /**
   * Loads the state, asks `decide` and appends at the exact revision, all events in one append. Commands on one stream
   * queue in one mailbox per process. A conflict or an unknown outcome is resolved inside; `decide` may run several times
   * and must be pure. A refusal (`decide` throws) or a no-op is only final after the stream's tail was read.
   * @throws VerbatimError busy (budget used up) | storage_unavailable | not_found (the stream was deleted), and what `decide` throws
   */
  abstract change<State, Event extends DomainEvent, Answer>(
    aggregate: Aggregate<State, Event>,
    stream: string,
    context: CommandContext,
    decide: (state: State, revision: number) => Decision<Event, Answer>,
  ): Promise<Changed<State, Answer>>;

  /** Opened facts of one stream, a page at a time; a missing or deleted stream is an empty page with lastRevision -1. */
  abstract facts<Event extends DomainEvent>(
    stream: string,
    options: { from?: number; direction?: 'forwards' | 'backwards'; limit: number; signal?: AbortSignal },
  ): Promise<FactsPage<Event>>;

  /** Step 4 of a deletion: the stream for good; its hot state goes too. Repeatable. */
  abstract deleteStream(stream: string): Promise<void>;

  /** Newest position this process has acknowledged: what its reads wait for. */
  abstract get acknowledged(): bigint;
}
