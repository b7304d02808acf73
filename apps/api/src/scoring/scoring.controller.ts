import { Body, Controller, Get, HttpCode, Param, Post, Query, Res } from '@nestjs/common';
import { CommandBus, QueryBus } from '@nestjs/cqrs';
import type { FastifyReply } from 'fastify';
import { CommandContext } from '#event-sourcing';
import { type KeyPrincipal, notFound } from '#platform';
import { type AssessmentAgreement, AwaitedScores, GetAgreement, ListParked, type ParkedPage, Scores } from '#scoring';
import { GetSession, RequestScoring, Sessions, type SessionView } from '#sessions';
import { Allow, Caller, Context, PageQuery } from '../http/index.js';
import { readerOf } from '../sessions/session-reader.js';
import { type ShownScore, shownTo } from './score-mask.js';
import { AgreementQuery, ScoringBody } from './scoring.bodies.js';

const WAIT_SECONDS = 30;

/** W6, and what the scorers of an organization have to tell. */
@Controller('api/scoring')
export class ScoringController {
  constructor(
    private readonly commands: CommandBus,
    private readonly queries: QueryBus,
    private readonly sessions: Sessions,
    private readonly scores: Scores,
    private readonly awaited: AwaitedScores,
  ) {}

  @Post()
  @HttpCode(200)
  @Allow('admin', 'reviewer', 'scorer')
  async score(
    @Caller() caller: KeyPrincipal,
    @Context() context: CommandContext,
    @Body() { sessionId, model, waitSeconds = WAIT_SECONDS }: ScoringBody,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<{ score: ShownScore } | { session: SessionView }> {
    const { orgId } = caller;
    const { requestId } = await this.commands.execute(new RequestScoring(context, orgId, sessionId, model ?? null));
    await this.awaited.answered(orgId, sessionId, requestId, waitSeconds * 1000);
    const { status, scoring } = (await this.sessions.require(orgId, sessionId)).state;
    const isMade = scoring.request?.requestId !== requestId && scoring.parked === null;
    if (isMade && (status === 'scored' || status === 'reviewed'))
      return { score: shownTo(caller, await this.scores.current(orgId, sessionId)) };
    return this.later(caller, sessionId, reply);
  }

  @Get('parked')
  @Allow('admin', 'reviewer')
  parked(@Caller() { orgId }: KeyPrincipal, @Query() page: PageQuery): Promise<ParkedPage> {
    return this.queries.execute(new ListParked(orgId, page));
  }

  @Post('parked/:sessionId/replay')
  @HttpCode(202)
  @Allow('admin', 'reviewer')
  async replay(
    @Caller() caller: KeyPrincipal,
    @Context() context: CommandContext,
    @Param('sessionId') sessionId: string,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<{ session: SessionView }> {
    const { scoring } = (await this.sessions.require(caller.orgId, sessionId)).state;
    if (scoring.parked === null) throw notFound('parked scoring');
    await this.commands.execute(new RequestScoring(context, caller.orgId, sessionId, null));
    return this.later(caller, sessionId, reply);
  }

  @Get('agreement')
  @Allow('admin', 'reviewer', 'auditor')
  agreement(
    @Caller() { orgId }: KeyPrincipal,
    @Query() { assessmentId }: AgreementQuery,
  ): Promise<AssessmentAgreement> {
    return this.queries.execute(new GetAgreement(orgId, assessmentId));
  }

  private async later(caller: KeyPrincipal, sessionId: string, reply: FastifyReply): Promise<{ session: SessionView }> {
    void reply.status(202);
    return { session: await this.queries.execute(new GetSession(caller.orgId, sessionId, readerOf(caller))) };
  }
}
