import { type IQueryHandler, Query, QueryHandler } from '@nestjs/cqrs';
import { LogCursors } from '#event-sourcing';
import type { ActivityLedger } from '../activity.ledger.js';
import type { ActivityTypeName } from '../activity.types.js';
import { type EventView, eventView } from '../event-view.js';
import { SessionFacts } from '../session-facts.js';
import { Sessions } from '../sessions.js';

export interface EventsWanted {
  /** Of this type alone. */
  readonly type?: ActivityTypeName | undefined;
  /** Facts of the session's life as well. */
  readonly includeSystem: boolean;
  readonly limit: number;
  readonly offset: number;
  /** A seq, exclusive; then `offset` does not count. */
  readonly after?: number | undefined;
}

export interface EventsPage {
  readonly events: readonly EventView[];
  readonly total: number;
  readonly limit: number;
  readonly offset: number;
  readonly hasMore: boolean;
  /** The seq to give as `after` for the next page; null on the last one. */
  readonly nextCursor: number | null;
}

/** A6, in stream order: which events are on the page is known from the session's state, and only those are read. */
export class ListSessionEvents extends Query<EventsPage> {
  constructor(
    readonly orgId: string,
    readonly sessionId: string,
    readonly wanted: EventsWanted,
  ) {
    super();
  }
}

@QueryHandler(ListSessionEvents)
export class ListSessionEventsHandler implements IQueryHandler<ListSessionEvents> {
  constructor(
    private readonly sessions: Sessions,
    private readonly facts: SessionFacts,
    private readonly cursors: LogCursors,
  ) {}

  async execute({ orgId, sessionId, wanted }: ListSessionEvents): Promise<EventsPage> {
    const { state, revision } = await this.sessions.require(orgId, sessionId);
    const { type, after, limit } = wanted;
    const offset = after === undefined ? wanted.offset : 0;
    const everything = wanted.includeSystem && type === undefined;
    const list = everything ? wholeStream(revision) : activitiesOf(state.activities, type);
    const start = after === undefined ? offset : list.countThrough(after);
    const seqs = list.seqs(start, limit);
    const facts = await this.facts.at(orgId, sessionId, seqs);
    const hasMore = start + seqs.length < list.total;
    return {
      events: facts.map((fact) => eventView(fact, this.cursors)),
      total: list.total,
      limit,
      offset,
      hasMore,
      nextCursor: hasMore ? (seqs.at(-1) ?? null) : null,
    };
  }
}

interface SeqList {
  readonly total: number;
  seqs(start: number, limit: number): readonly number[];
  /** How many stand at or before this seq. */
  countThrough(seq: number): number;
}

const wholeStream = (revision: number): SeqList => ({
  total: revision + 1,
  seqs: (start, limit) =>
    Array.from({ length: Math.max(0, Math.min(limit, revision + 1 - start)) }, (_, index) => start + index),
  countThrough: (seq) => Math.max(0, Math.min(seq, revision) + 1),
});

const activitiesOf = (ledger: ActivityLedger, type: ActivityTypeName | undefined): SeqList => ({
  total: ledger.count(type),
  seqs: (start, limit) => ledger.revisions(start, limit, type),
  countThrough: (seq) => (type === undefined ? ledger.countThrough(seq) : countOfType(ledger, type, seq)),
});

const countOfType = (ledger: ActivityLedger, type: ActivityTypeName, seq: number): number => {
  let low = 0;
  let high = ledger.count(type);
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (ledger.revisions(middle, 1, type)[0]! <= seq) low = middle + 1;
    else high = middle;
  }
  return low;
};
