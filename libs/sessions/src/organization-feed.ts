import { Injectable } from '@nestjs/common';
import { type Fact, FactCodec, LogCursors, streamName } from '#event-sourcing';
import { EventStore, type LogFilter, type RecordedEvent } from '#event-store';
import { type FeedEvent, type FeedKind, feedEvent } from './feed-view.js';

export interface FeedReader {
  readonly orgId: string;
  /** A scorer follows sessions alone. */
  readonly kinds: readonly FeedKind[];
  readonly names: boolean;
}

export interface FeedWanted {
  /** A globalSeq, exclusive; undefined: from the first event. */
  readonly after?: string | undefined;
  readonly types?: readonly string[] | undefined;
}

export interface FeedPage {
  readonly events: readonly FeedEvent[];
  readonly hasMore: boolean;
  /** Where to go on, also when nothing was found up to there. */
  readonly nextCursor: string;
}

/** How long one page may look for events that match. */
const SEARCH_MS = 2000;

/** As much as a page holds before it is answered, full or not: a thousand events may be of 256 KiB each. */
const ENOUGH_BYTES = 4 * 1024 * 1024;

/** What is looked at in one go once the log has shown that it hands out less than it is asked for. */
const STRIDE = 200;

/** W16: an organization's events in commit order, by streams that begin with its id; nothing of anybody else. */
@Injectable()
export class OrganizationFeed {
  constructor(
    private readonly log: EventStore,
    private readonly codec: FactCodec,
    private readonly cursors: LogCursors,
  ) {}

  /**
   * As many as were asked for where there are so many: a log may look at a few events and find less among them.
   * @throws VerbatimError invalid_cursor
   */
  async page(reader: FeedReader, wanted: FeedWanted, limit: number): Promise<FeedPage> {
    const filter = filterOf(reader, wanted);
    const searchEnds = performance.now() + SEARCH_MS;
    const found: RecordedEvent[] = [];
    let bytes = 0;
    let stride = limit;
    for (let after = await this.start(wanted); ; stride = Math.max(limit, STRIDE)) {
      const { events, atEnd, scannedTo } = await this.log.readAll({ after, limit: stride, filter });
      found.push(...events);
      for (const { data } of events) bytes += data.length;
      const shown = found.slice(0, limit);
      const isCut = shown.length < found.length;
      if (shown.length === limit || atEnd || bytes >= ENOUGH_BYTES || performance.now() > searchEnds)
        return {
          events: await this.shown(reader, shown),
          hasMore: isCut || !atEnd,
          nextCursor: this.cursors.encode(isCut ? shown.at(-1)!.position : scannedTo),
        };
      after = scannedTo;
    }
  }

  /**
   * What comes after the cursor, then live until the signal aborts.
   * @throws VerbatimError invalid_cursor
   */
  async live(reader: FeedReader, wanted: FeedWanted): Promise<(signal: AbortSignal) => AsyncGenerator<FeedEvent>> {
    const after = await this.start(wanted);
    return (signal) => this.follow(reader, after, filterOf(reader, wanted), signal);
  }

  private async *follow(
    reader: FeedReader,
    after: bigint | 'start',
    filter: LogFilter,
    signal: AbortSignal,
  ): AsyncGenerator<FeedEvent> {
    for await (const message of this.log.subscribe({ after, filter, signal }))
      if (message.kind === 'events') yield* await this.shown(reader, message.events);
  }

  private async start({ after }: FeedWanted): Promise<bigint | 'start'> {
    if (after === undefined) return 'start';
    return this.cursors.parse(after, 'after');
  }

  private async shown(reader: FeedReader, events: readonly RecordedEvent[]): Promise<FeedEvent[]> {
    const facts: readonly Fact[] = await this.codec.decodeAll(events);
    return facts.map((fact) => feedEvent(fact, this.cursors, reader.names));
  }
}

/** Which streams these are. Ids of organizations are of one length: no prefix begins another organization's stream name. */
export const feedPrefixes = (orgId: string, kinds: readonly FeedKind[]): readonly string[] =>
  kinds.map((kind) => (kind === 'organization' ? streamName(kind, orgId) : streamName(kind, orgId, '')));

const filterOf = ({ orgId, kinds }: FeedReader, { types }: FeedWanted): LogFilter => ({
  streamPrefixes: feedPrefixes(orgId, kinds),
  ...(types ? { types } : {}),
});
