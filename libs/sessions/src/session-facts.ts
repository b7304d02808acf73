import { Injectable } from '@nestjs/common';
import { AggregateStore, type Fact, type FactsPage, streamName } from '#event-sourcing';
import { EventStore } from '#event-store';

const PAGE = 256;
/** Reading over a few facts nobody asked for is cheaper than another read. */
const GAP = 16;

/** The facts of one session, opened, in order: from the past, or followed into the future. */
@Injectable()
export class SessionFacts {
  constructor(
    private readonly aggregates: AggregateStore,
    private readonly log: EventStore,
  ) {}

  /** From `from` (a seq, inclusive) to the present end, a page at a time. */
  read(orgId: string, sessionId: string, from = 0, signal?: AbortSignal): AsyncGenerator<readonly Fact[]> {
    return new Reader(this.aggregates, streamName('session', orgId, sessionId), from, signal).unread();
  }

  /** The facts at these seqs (ascending), read in as few runs as their gaps allow. */
  async at(orgId: string, sessionId: string, seqs: readonly number[]): Promise<readonly Fact[]> {
    const stream = streamName('session', orgId, sessionId);
    const wanted = new Set(seqs);
    const found: Fact[] = [];
    for (const { from, to } of runsOf(seqs)) {
      for (let next: number | null = from; next !== null && next <= to; ) {
        const limit = Math.min(PAGE, to - next + 1);
        const page: FactsPage = await this.aggregates.facts(stream, { from: next, limit });
        found.push(...page.facts.filter((fact) => wanted.has(fact.revision)));
        next = page.next;
      }
    }
    return found;
  }

  /**
   * Everything after `after` (a seq, exclusive), then what comes, until the signal aborts or the session is deleted.
   * The subscription only says that there is something to read; what is read is the stream, so nothing is missed or
   * doubled where past and present meet. It listens to the organization too: a reader who lags finds of a deleted session
   * no event any more, and only `session_erased` there wakes it.
   */
  async *follow(orgId: string, sessionId: string, after: number, signal: AbortSignal): AsyncGenerator<readonly Fact[]> {
    const start = await this.log.head();
    const stream = streamName('session', orgId, sessionId);
    const reader = new Reader(this.aggregates, stream, after + 1, signal);
    yield* reader.unread();
    if (reader.ended) return;
    const filter = { streamPrefixes: [stream, streamName('organization', orgId)] };
    for await (const message of this.log.subscribe({ after: start, filter, signal })) {
      if (message.kind === 'events') yield* reader.unread();
      if (reader.ended) return;
    }
  }
}

class Reader {
  /** The session was deleted: nothing will come. */
  ended = false;

  constructor(
    private readonly aggregates: AggregateStore,
    private readonly stream: string,
    private next: number,
    private readonly signal: AbortSignal | undefined,
  ) {}

  async *unread(): AsyncGenerator<readonly Fact[]> {
    for (let more = true; more && !this.ended; ) {
      const options = { from: this.next, limit: PAGE, ...(this.signal ? { signal: this.signal } : {}) };
      const page = await this.aggregates.facts(this.stream, options);
      const last = page.facts.at(-1);
      this.ended = page.lastRevision < 0 || last?.type === 'session_deleted';
      more = page.next !== null;
      if (!last) continue;
      this.next = last.revision + 1;
      yield page.facts;
    }
  }
}

function runsOf(seqs: readonly number[]): readonly { readonly from: number; readonly to: number }[] {
  const runs: { from: number; to: number }[] = [];
  for (const seq of seqs) {
    const last = runs.at(-1);
    if (last && seq - last.to <= GAP) last.to = seq;
    else runs.push({ from: seq, to: seq });
  }
  return runs;
}
