import { type IQueryHandler, Query, QueryHandler } from '@nestjs/cqrs';
import { Clock } from '#platform';
import { type ListRequest, newestFirst, ReadModels } from '#read-store';
import { sessionList } from '../projections/session-list.projection.js';
import type { SessionStatus } from '../session.lifecycle.js';
import { coreOfEntry, type SessionView } from '../session-view.js';
import { type SessionReader, SessionViews } from '../session-views.js';

export interface SessionsWanted {
  readonly assessmentId?: string | undefined;
  readonly candidateId?: string | undefined;
  readonly status?: SessionStatus | undefined;
}

export interface SessionsPage {
  readonly sessions: readonly SessionView[];
  readonly total: number;
  readonly limit: number;
  readonly offset: number;
  readonly hasMore: boolean;
  readonly nextCursor: string | null;
}

/** Newest first. */
export class ListSessions extends Query<SessionsPage> {
  constructor(
    readonly orgId: string,
    readonly reader: SessionReader,
    readonly wanted: SessionsWanted,
    readonly page: ListRequest,
  ) {
    super();
  }
}

@QueryHandler(ListSessions)
export class ListSessionsHandler implements IQueryHandler<ListSessions> {
  constructor(
    private readonly readModels: ReadModels,
    private readonly views: SessionViews,
    private readonly clock: Clock,
  ) {}

  async execute({ orgId, reader, wanted, page }: ListSessions): Promise<SessionsPage> {
    const given = Object.entries(wanted).filter(([, value]) => value !== undefined);
    const filter = { ...Object.fromEntries(given), orgId };
    const { documents, ...rest } = await newestFirst(this.readModels, sessionList, filter, page);
    const now = this.clock.now();
    const cores = documents.map((document) => coreOfEntry(document._id, document, now));
    return { sessions: await this.views.of(orgId, cores, reader), ...rest };
  }
}
