import { Controller, Delete, Get, Param, Query } from '@nestjs/common';
import { CommandBus, QueryBus } from '@nestjs/cqrs';
import { SessionMetrics } from '#cohorts';
import { CommandContext } from '#event-sourcing';
import type { KeyPrincipal } from '#platform';
import { DeleteSession, GetSession, ListSessions, ReadTimeline, type SessionsPage, type TimelinePage } from '#sessions';
import { Allow, Caller, Context } from '../http/index.js';
import { BlindEvents } from '../sessions/blind-events.js';
import { readerOf } from '../sessions/session-reader.js';
import { type RecordedSession, recordedSession } from './recorded-session.js';
import { RecordedSessionsQuery, TimelineQuery } from './v1.queries.js';

interface RecordedSessionsPage extends Omit<SessionsPage, 'sessions'> {
  readonly sessions: readonly RecordedSession[];
}

/** V13–V15: coding sessions with their metrics, their record read back, and deleted. */
@Controller('v1/sessions')
@Allow('admin', 'reviewer', 'auditor')
export class RecordedSessionsController {
  constructor(
    private readonly commands: CommandBus,
    private readonly queries: QueryBus,
    private readonly metrics: SessionMetrics,
    private readonly blind: BlindEvents,
  ) {}

  @Get()
  async list(@Caller() caller: KeyPrincipal, @Query() query: RecordedSessionsQuery): Promise<RecordedSessionsPage> {
    const { assessmentId, ...page } = query;
    const listing = new ListSessions(caller.orgId, readerOf(caller), { assessmentId }, page);
    const { sessions, ...rest } = await this.queries.execute(listing);
    const metrics = await this.metrics.of(
      caller.orgId,
      sessions.map(({ id }) => id),
    );
    return { sessions: sessions.map((session) => recordedSession(session, metrics.get(session.id))), ...rest };
  }

  @Get(':sessionId')
  async get(
    @Caller() caller: KeyPrincipal,
    @Param('sessionId') sessionId: string,
  ): Promise<{ session: RecordedSession }> {
    const session = await this.queries.execute(new GetSession(caller.orgId, sessionId, readerOf(caller)));
    const metrics = await this.metrics.of(caller.orgId, [sessionId]);
    return { session: recordedSession(session, metrics.get(sessionId)) };
  }

  @Get(':sessionId/timeline')
  async timeline(
    @Caller() caller: KeyPrincipal,
    @Param('sessionId') sessionId: string,
    @Query() query: TimelineQuery,
  ): Promise<TimelinePage> {
    const page = await this.queries.execute(new ReadTimeline(caller.orgId, sessionId, query));
    return { ...page, events: await Promise.all(page.events.map(this.blind.for(caller))) };
  }

  @Delete(':sessionId')
  @Allow('admin')
  async delete(
    @Caller() { orgId }: KeyPrincipal,
    @Context() context: CommandContext,
    @Param('sessionId') sessionId: string,
  ): Promise<{ ok: true; id: string }> {
    await this.commands.execute(new DeleteSession(context, orgId, sessionId));
    return { ok: true, id: sessionId };
  }
}
