import { Body, Controller, Get, HttpCode, Param, Post, Query } from '@nestjs/common';
import { CommandBus, QueryBus } from '@nestjs/cqrs';
import { CommandContext } from '#event-sourcing';
import { type CandidatePrincipal, type KeyPrincipal, VerbatimError } from '#platform';
import { type BatchAnswer, type EventsPage, ListSessionEvents, RecordActivities } from '#sessions';
import { Allow, AllowCandidate, BodyLimit, Caller, Context, MEBIBYTE } from '../http/index.js';
import { BlindEvents } from './blind-events.js';
import { maskedFor } from './event-mask.js';
import { EventsBody } from './session.bodies.js';
import { EventsQuery } from './session.queries.js';

/** W4, A6: a session's events, in and out. */
@Controller('api/sessions/:sessionId/events')
export class SessionEventsController {
  constructor(
    private readonly commands: CommandBus,
    private readonly queries: QueryBus,
    private readonly blind: BlindEvents,
  ) {}

  @Post()
  @HttpCode(200)
  @Allow('runtime')
  @AllowCandidate()
  @BodyLimit(2 * MEBIBYTE)
  record(
    @Caller() { orgId }: KeyPrincipal | CandidatePrincipal,
    @Context() context: CommandContext,
    @Param('sessionId') sessionId: string,
    @Body() { events }: EventsBody,
  ): Promise<BatchAnswer> {
    return this.commands.execute(new RecordActivities(context, orgId, sessionId, events));
  }

  @Get()
  @Allow('admin', 'reviewer', 'auditor', 'scorer')
  @AllowCandidate()
  async list(
    @Caller() caller: KeyPrincipal | CandidatePrincipal,
    @Param('sessionId') sessionId: string,
    @Query() { include, ...wanted }: EventsQuery,
  ): Promise<EventsPage> {
    if (include && caller.kind === 'candidate')
      throw new VerbatimError('insufficient_scope', 'A session token reads activity alone.', { param: 'include' });
    const query = { ...wanted, includeSystem: include === 'system' };
    const page = await this.queries.execute(new ListSessionEvents(caller.orgId, sessionId, query));
    const blinded = await Promise.all(page.events.map(this.blind.for(caller)));
    return { ...page, events: blinded.map((event) => maskedFor(caller, event)) };
  }
}
