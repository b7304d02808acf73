import { setTimeout as delay } from 'node:timers/promises';
import { type EventData, type EventStore, isEventStoreError } from '#event-store';
import { type Clock, decidedEventId, isoTime, isVerbatimError, VerbatimError } from '#platform';
import type { Aggregate, Decision, Evolvable } from './aggregate.js';
import { AggregateStore, type Changed, type FactsPage, type Loaded } from './aggregate-store.js';
import type { FactCodec } from './codec.js';
import type { CommandContext } from './context.js';
import { ExactAppend } from './exact-append.js';
import type { Decided, DomainEvent, Fact, FactMetadata } from './facts.js';
import { type HotState, HotStates } from './hot-states.js';
import { Mailboxes } from './mailboxes.js';
import { busy, unavailable } from './trouble.js';

const PAGE = 1024;
/** The business's own bound on one append, below every engine's (type, data and metadata together). */
const MAX_APPEND_BYTES = 1_000_000;

export interface AggregateStoreOptions {
  /** Bound of the cache of hot states. Default 256 MiB. */
  readonly cacheBytes?: number;
}

/** {@link AggregateStore} over an event store: fold, decide, append at the exact revision. */
export class LogAggregateStore extends AggregateStore {
  private readonly mailboxes = new Mailboxes();
  private readonly hot: HotStates;
  private readonly exact: ExactAppend;
  private newest = 0n;

  constructor(
    private readonly log: EventStore,
    private readonly codec: FactCodec,
    private readonly clock: Clock,
    options: AggregateStoreOptions = {},
  ) {
    super();
    this.exact = new ExactAppend(log);
    this.hot = new HotStates(options.cacheBytes ?? 256 * 1024 * 1024);
  }

  get acknowledged(): bigint {
    return this.newest;
  }

  /** Written before this process came, perhaps by its own former life: callers may have seen it acknowledged. */
  noteWritten(position: bigint): void {
    if (position > this.newest) this.newest = position;
  }

  async load<State, Event extends DomainEvent>(
    aggregate: Aggregate<State, Event>,
    stream: string,
  ): Promise<Loaded<State>> {
    return (await this.readTail(aggregate, stream, this.hot.get(aggregate, stream))).hot;
  }

  async loadAt<State, Event extends DomainEvent>(
    aggregate: Aggregate<State, Event>,
    stream: string,
    revision: number,
  ): Promise<Loaded<State>> {
    const cached = this.hot.get(aggregate, stream);
    const from = cached && cached.revision <= revision ? cached : undefined;
    return (await this.readTail(aggregate, stream, from, revision)).hot;
  }

  change<State, Event extends DomainEvent, Answer>(
    aggregate: Aggregate<State, Event>,
    stream: string,
    context: CommandContext,
    decide: (state: State, revision: number) => Decision<Event, Answer>,
  ): Promise<Changed<State, Answer>> {
    const budgetEnds = performance.now() + context.budgetMs;
    return this.mailboxes.run(stream, () => this.decideAndAppend(aggregate, stream, context, decide, budgetEnds));
  }

  async facts<Event extends DomainEvent>(
    stream: string,
    options: { from?: number; direction?: 'forwards' | 'backwards'; limit: number; signal?: AbortSignal },
  ): Promise<FactsPage<Event>> {
    try {
      const page = await this.log.readStream(stream, {
        direction: options.direction ?? 'forwards',
        limit: options.limit,
        ...(options.from === undefined ? {} : { from: BigInt(options.from) }),
        ...(options.signal ? { signal: options.signal } : {}),
      });
      return {
        facts: (await this.codec.decodeAll(page.events)) as readonly Fact<Event>[],
        next: page.next === null ? null : Number(page.next),
        lastRevision: page.lastRevision === null ? -1 : Number(page.lastRevision),
      };
    } catch (error) {
      if (isEventStoreError(error, 'stream_deleted')) return { facts: [], next: null, lastRevision: -1 };
      throw error;
    }
  }

  deleteStream(stream: string): Promise<void> {
    return this.mailboxes.run(stream, async () => {
      await this.log.deleteStream(stream);
      this.hot.forget(stream);
    });
  }

  /** Waits for the commands in flight: part of a drain, after the doors were closed. */
  drain(): Promise<void> {
    return this.mailboxes.idle();
  }

  private async decideAndAppend<State, Event extends DomainEvent, Answer>(
    aggregate: Aggregate<State, Event>,
    stream: string,
    context: CommandContext,
    decide: (state: State, revision: number) => Decision<Event, Answer>,
    budgetEnds: number,
  ): Promise<Changed<State, Answer>> {
    let hot = this.hot.get(aggregate, stream);
    let isTail = false;
    for (let conflicts = 0; ; conflicts += 1) {
      if (performance.now() > budgetEnds) throw busy(stream);
      if (conflicts > 1) await delay(Math.random() * Math.min(50, 2 ** conflicts));
      if (!hot) {
        hot = (await this.readTail(aggregate, stream, undefined)).hot;
        isTail = true;
      }
      const attempt = attemptDecision(decide, hot);
      if (attempt.refused || attempt.decision.events.length === 0) {
        // Nothing will be appended, so no conflict can correct a decision made on an old state: look at the tail first.
        if (!isTail) {
          const tail = await this.readTail(aggregate, stream, hot);
          const moved = tail.hot.revision !== hot.revision || tail.deleted;
          hot = tail.hot;
          isTail = true;
          if (moved) continue;
        }
        if (attempt.refused) throw attempt.refusal;
        return { ...hot, before: hot.state, answer: attempt.decision.answer, appended: 0, position: null };
      }
      const { events, answer } = attempt.decision;
      const written = await this.append(aggregate, stream, context, hot, events, budgetEnds);
      if (written) {
        const { after, position } = written;
        return { ...after, before: hot.state, answer, appended: events.length, position };
      }
      hot = (await this.readTail(aggregate, stream, hot)).hot;
      isTail = true;
    }
  }

  /** Undefined when another writer was there first. */
  private async append<State, Event extends DomainEvent>(
    aggregate: Aggregate<State, Event>,
    stream: string,
    context: CommandContext,
    hot: HotState<State>,
    decided: readonly Decided<Event>[],
    budgetEnds: number,
  ): Promise<{ after: HotState<State>; position: bigint } | undefined> {
    const now = isoTime(this.clock.now());
    const recordedAt = now > hot.recordedAt ? now : hot.recordedAt;
    const identified = decided.map((event, index) => ({
      ...event,
      id: event.id ?? decidedEventId(context.commandId, stream, hot.revision + 1 + index),
    }));
    const types = identified.map(({ type }) => type);
    const metadata = metadataOf(aggregate, types, context, recordedAt);
    const encoded = await this.codec.encode(aggregate.catalogue, stream, identified, (index) => metadata[index]!);
    requireAppendable(encoded);
    const result = await this.exact.append(stream, hot.revision, encoded, budgetEnds).catch((error: unknown) => {
      if (isVerbatimError(error, 'not_found')) this.hot.forget(stream);
      throw error;
    });
    if (!result) return undefined;
    this.noteWritten(result.position);
    context.noteAppended(result.position);
    const state = identified.reduce((before, event, index) => {
      const evolvable = { ...event, revision: hot.revision + 1 + index, metadata: metadata[index]! };
      return aggregate.evolve(before, evolvable as Evolvable<Event>);
    }, hot.state);
    const after = { state, revision: hot.revision + identified.length, recordedAt };
    this.hot.set(aggregate, stream, after);
    return { after, position: result.position };
  }

  private async readTail<State, Event extends DomainEvent>(
    aggregate: Aggregate<State, Event>,
    stream: string,
    from: HotState<State> | undefined,
    upTo = Number.MAX_SAFE_INTEGER,
  ): Promise<{ hot: HotState<State>; deleted: boolean }> {
    let { state, revision, recordedAt } = from ?? { state: aggregate.initialState, revision: -1, recordedAt: '' };
    const start = revision;
    try {
      for (let next: bigint | null = BigInt(revision + 1); next !== null && revision < upTo; ) {
        const limit = Math.min(PAGE, upTo - revision);
        const page = await this.log.readStream(stream, { from: next, limit });
        for (const fact of (await this.codec.decodeAll(page.events)) as readonly Fact<Event>[]) {
          state = aggregate.evolve(state, fact);
          revision = fact.revision;
          recordedAt = fact.metadata.recordedAt;
        }
        next = page.next;
      }
    } catch (error) {
      if (!isEventStoreError(error, 'stream_deleted'))
        throw isEventStoreError(error, 'unavailable') ? unavailable(error) : error;
      this.hot.forget(stream);
      return { hot: { state: aggregate.initialState, revision: -1, recordedAt: '' }, deleted: true };
    }
    const hot = { state, revision, recordedAt };
    const cached = this.hot.get(aggregate, stream);
    if (revision > start && (!cached || cached.revision < revision) && upTo === Number.MAX_SAFE_INTEGER)
      this.hot.set(aggregate, stream, hot);
    return { hot, deleted: false };
  }
}

const attemptDecision = <State, Event extends DomainEvent, Answer>(
  decide: (state: State, revision: number) => Decision<Event, Answer>,
  hot: HotState<State>,
): { refused: false; decision: Decision<Event, Answer> } | { refused: true; refusal: unknown } => {
  try {
    return { refused: false, decision: decide(hot.state, hot.revision) };
  } catch (refusal) {
    return { refused: true, refusal };
  }
};

/** Events of one append differ in their version at most: those that do not share one object, which is then written once. */
const metadataOf = <State, Event extends DomainEvent>(
  aggregate: Aggregate<State, Event>,
  types: readonly string[],
  { commandId, correlationId, causationId, actor }: CommandContext,
  recordedAt: string,
): readonly FactMetadata[] => {
  const byVersion = new Map<number, FactMetadata>();
  return types.map((type) => {
    const definition = aggregate.catalogue.find(type);
    if (!definition) throw new Error(`Event type ${type} is not in the catalogue of ${aggregate.category}.`);
    const v = definition.version;
    const known = byVersion.get(v);
    if (known) return known;
    const made = { v, recordedAt, commandId, correlationId, causationId, actor };
    byVersion.set(v, made);
    return made;
  });
};

const requireAppendable = (events: readonly EventData[]): void => {
  const bytes = events.reduce((sum, { type, data, metadata }) => sum + type.length + data.length + metadata.length, 0);
  if (bytes > MAX_APPEND_BYTES)
    throw new VerbatimError(
      'payload_too_large',
      `These changes take ${bytes} bytes; ${MAX_APPEND_BYTES} are allowed at once.`,
    );
};
