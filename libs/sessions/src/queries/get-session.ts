import { type IQueryHandler, Query, QueryHandler } from '@nestjs/cqrs';
import { Clock } from '#platform';
import { coreOfState, type SessionView } from '../session-view.js';
import { type SessionReader, SessionViews } from '../session-views.js';
import { Sessions } from '../sessions.js';

/** From its own stream: never stale. */
export class GetSession extends Query<SessionView> {
  constructor(
    readonly orgId: string,
    readonly sessionId: string,
    readonly reader: SessionReader,
  ) {
    super();
  }
}

@QueryHandler(GetSession)
export class GetSessionHandler implements IQueryHandler<GetSession> {
  constructor(
    private readonly sessions: Sessions,
    private readonly views: SessionViews,
    private readonly clock: Clock,
  ) {}

  async execute({ orgId, sessionId, reader }: GetSession): Promise<SessionView> {
    const { state } = await this.sessions.require(orgId, sessionId);
    return this.views.one(orgId, coreOfState(state, this.clock.now()), reader);
  }
}
