import { Body, Controller, Delete, Get, HttpCode, Param, Patch, Post, Query } from '@nestjs/common';
import { CommandBus, QueryBus } from '@nestjs/cqrs';
import { CommandContext } from '#event-sourcing';
import type { CandidatePrincipal, KeyPrincipal } from '#platform';
import {
  CancelSession,
  ChangeSession,
  DeleteSession,
  GetSession,
  ListSessions,
  type SessionsPage,
  type SessionView,
} from '#sessions';
import { Allow, AllowCandidate, Caller, Context } from '../http/index.js';
import { CancelBody, SessionChangesBody } from './session.bodies.js';
import { SessionsQuery } from './session.queries.js';
import { readerOf } from './session-reader.js';

/** A1–A3, W9, W9a: sessions as an organization sees and steers them. */
@Controller('api/sessions')
export class SessionsController {
  constructor(
    private readonly commands: CommandBus,
    private readonly queries: QueryBus,
  ) {}

  @Get()
  @Allow('admin', 'reviewer', 'auditor', 'scorer')
  list(@Caller() caller: KeyPrincipal, @Query() query: SessionsQuery): Promise<SessionsPage> {
    const { assessmentId, candidateId, status, ...page } = query;
    const wanted = { assessmentId, candidateId, status };
    return this.queries.execute(new ListSessions(caller.orgId, readerOf(caller), wanted, page));
  }

  @Get(':sessionId')
  @Allow('admin', 'reviewer', 'auditor', 'scorer')
  @AllowCandidate()
  get(
    @Caller() caller: KeyPrincipal | CandidatePrincipal,
    @Param('sessionId') sessionId: string,
  ): Promise<{ session: SessionView }> {
    return this.shown(caller, sessionId);
  }

  @Delete(':sessionId')
  @Allow('admin')
  async delete(
    @Caller() { orgId }: KeyPrincipal,
    @Context() context: CommandContext,
    @Param('sessionId') sessionId: string,
  ): Promise<{ ok: true }> {
    await this.commands.execute(new DeleteSession(context, orgId, sessionId));
    return { ok: true };
  }

  @Patch(':sessionId')
  @Allow('admin', 'reviewer')
  async change(
    @Caller() caller: KeyPrincipal,
    @Context() context: CommandContext,
    @Param('sessionId') sessionId: string,
    @Body() { dueDate, ...changes }: SessionChangesBody,
  ): Promise<{ session: SessionView }> {
    const moment = dueDate === undefined ? {} : { dueDate: dueDate === null ? null : Date.parse(dueDate) };
    await this.commands.execute(new ChangeSession(context, caller.orgId, sessionId, { ...changes, ...moment }));
    return this.shown(caller, sessionId);
  }

  @Post(':sessionId/cancel')
  @HttpCode(200)
  @Allow('admin', 'reviewer')
  async cancel(
    @Caller() caller: KeyPrincipal,
    @Context() context: CommandContext,
    @Param('sessionId') sessionId: string,
    @Body() { reason }: CancelBody,
  ): Promise<{ session: SessionView }> {
    await this.commands.execute(new CancelSession(context, caller.orgId, sessionId, reason));
    return this.shown(caller, sessionId);
  }

  private async shown(caller: KeyPrincipal | CandidatePrincipal, sessionId: string): Promise<{ session: SessionView }> {
    return { session: await this.queries.execute(new GetSession(caller.orgId, sessionId, readerOf(caller))) };
  }
}
