import { Controller, Delete, Get, Param, Query } from '@nestjs/common';
import { CommandBus, QueryBus } from '@nestjs/cqrs';
import { CommandContext } from '#event-sourcing';
import type { KeyPrincipal } from '#platform';
import { DeleteSession, ReadTimeline, type TimelinePage } from '#sessions';
import { Allow, Caller, Context } from '../http/index.js';
import { TimelineQuery } from './v1.queries.js';

/** V14, V15: the record of a coding session, read back and deleted. */
@Controller('v1/sessions')
@Allow('admin', 'reviewer', 'auditor')
export class RecordedSessionsController {
  constructor(
    private readonly commands: CommandBus,
    private readonly queries: QueryBus,
  ) {}

  @Get(':sessionId/timeline')
  timeline(
    @Caller() { orgId }: KeyPrincipal,
    @Param('sessionId') sessionId: string,
    @Query() query: TimelineQuery,
  ): Promise<TimelinePage> {
    return this.queries.execute(new ReadTimeline(orgId, sessionId, query));
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
