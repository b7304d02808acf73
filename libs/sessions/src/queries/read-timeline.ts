import { type IQueryHandler, Query, QueryHandler } from '@nestjs/cqrs';
import { LogCursors } from '#event-sourcing';
import { VerbatimError } from '#platform';
import { type EventView, eventView } from '../event-view.js';
import { SessionFacts } from '../session-facts.js';
import { Sessions } from '../sessions.js';

export interface TimelineWanted {
  readonly limit: number;
  /** The id of an event: what comes after it. */
  readonly after?: string | undefined;
}

export interface TimelinePage {
  readonly events: readonly EventView[];
  readonly hasMore: boolean;
}

/** V14: a session's activity in stream order. @throws VerbatimError invalid_cursor when `after` is no event of it */
export class ReadTimeline extends Query<TimelinePage> {
  constructor(
    readonly orgId: string,
    readonly sessionId: string,
    readonly wanted: TimelineWanted,
  ) {
    super();
  }
}

@QueryHandler(ReadTimeline)
export class ReadTimelineHandler implements IQueryHandler<ReadTimeline> {
  constructor(
    private readonly sessions: Sessions,
    private readonly facts: SessionFacts,
    private readonly cursors: LogCursors,
  ) {}

  async execute({ orgId, sessionId, wanted: { limit, after } }: ReadTimeline): Promise<TimelinePage> {
    const { activities } = (await this.sessions.require(orgId, sessionId)).state;
    const known = after === undefined ? -1 : activities.ordinalOf(after);
    if (known === undefined)
      throw new VerbatimError('invalid_cursor', 'after must be the id of an event of this session.', {
        param: 'after',
      });
    const facts = await this.facts.at(orgId, sessionId, activities.revisions(known + 1, limit));
    return {
      events: facts.map((fact) => eventView(fact, this.cursors)),
      hasMore: known + 1 + limit < activities.length,
    };
  }
}
