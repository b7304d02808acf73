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

/** How long one page may look for the next event that matches. */
const SEARCH_MS = 2000;

/** W16: an organization's events in commit order, by streams that begin with its id; nothing of anybody else. */
@Injectable()
export class OrganizationFeed {
  constructor(
    private readonly log: EventStore,
    private readonly codec: FactCodec,
    private readonly cursors: LogCursors,
  ) {}

  /** @throws VerbatimError invalid_cursor */
  async page(reader: FeedReader, wanted: FeedWanted, limit: number): Promise<FeedPage> {
    const filter = filterOf(reader, wanted);
    const searchEnds = performance.now() + SEARCH_MS;
    for (let after = await this.start(wanted); ; ) {
      const page = await this.log.readAll({ after, limit, filter });
      if (page.events.length > 0 || page.atEnd || performance.now() > searchEnds)
        return {
          events: await this.shown(reader, page.events),
          hasMore: !page.atEnd,
          nextCursor: this.cursors.encode(page.scannedTo),
        };
      after = page.scannedTo;
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
