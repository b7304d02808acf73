import { Body, Controller, HttpCode, Post, Req, Res, UseGuards } from '@nestjs/common';
import { CommandBus } from '@nestjs/cqrs';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { CommandContext } from '#event-sourcing';
import { type CandidatePrincipal, isoTime, notFound, VerbatimError } from '#platform';
import { type BatchAnswer, RecordActivities, Sessions, SubmitSession } from '#sessions';
import { AllowCandidate, Caller, Context } from '../../http/index.js';
import { CompleteBody, IngestBody, momentOf } from './ingest.bodies.js';
import { activityOf } from './ingest-kinds.js';
import { IngestLimit } from './ingest-limit.guard.js';

interface Ingested {
  readonly ok: true;
  readonly id: string;
  /** It was known before. */
  readonly skipped?: true;
}

/** V11, V12: a candidate's own tool tells what happens, one event a request, and that the work is done. */
@Controller('v1')
@AllowCandidate()
export class IngestController {
  constructor(
    private readonly commands: CommandBus,
    private readonly sessions: Sessions,
  ) {}

  @Post('hooks/ingest')
  @UseGuards(IngestLimit)
  async ingest(
    @Caller() caller: CandidatePrincipal,
    @Context() context: CommandContext,
    @Body() event: IngestBody,
    @Req() request: FastifyRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<Ingested> {
    await this.requireOwn(caller, event.sessionId);
    const isNew = await this.take(caller, context, event, request.body);
    reply.status(isNew ? 201 : 200);
    return { ok: true, id: event.id, ...(isNew ? {} : { skipped: true }) };
  }

  @Post('candidate/complete')
  @HttpCode(200)
  async complete(
    @Caller() caller: CandidatePrincipal,
    @Context() context: CommandContext,
    @Body() { sessionId }: CompleteBody,
  ): Promise<{ ok: true; completedAt: string }> {
    await this.requireOwn(caller, sessionId);
    await this.commands.execute(new SubmitSession(context, caller.orgId, sessionId, null));
    const { state } = await this.sessions.require(caller.orgId, sessionId);
    return { ok: true, completedAt: isoTime(state.submittedAt!) };
  }

  /** A key that was not redeemed has no session yet. */
  private async requireOwn({ orgId, sessionId: own }: CandidatePrincipal, sessionId: string): Promise<void> {
    if (sessionId !== own) throw notFound('session');
    await this.sessions.require(orgId, own);
  }

  /** False: it was known before. */
  private async take(
    { orgId, sessionId }: CandidatePrincipal,
    context: CommandContext,
    { id, ts, kind, actor, data }: IngestBody,
    original: unknown,
  ): Promise<boolean> {
    if (kind === 'session_start' || kind === 'checkpoint') return true;
    if (kind === 'session_end') {
      const { submittedAt } = (await this.sessions.require(orgId, sessionId)).state;
      await this.commands.execute(new SubmitSession(context, orgId, sessionId, null));
      return submittedAt === null;
    }
    const activity = activityOf(kind, data, actor);
    const item = {
      id,
      type: activity.type,
      timestampMs: momentOf(ts),
      data: { ...activity.data, raw: original },
    };
    const answer = await this.commands.execute(new RecordActivities(context, orgId, sessionId, [item]));
    if (answer.rejected[0]) throw refusalOf(answer.rejected[0]);
    return answer.accepted.length > 0;
  }
}

/** One event is a request of its own here, so what W4 says of an item is said of the request. */
const refusalOf = ({ code, message }: BatchAnswer['rejected'][number]): VerbatimError => {
  switch (code) {
    case 'session_closed':
    case 'session_event_limit':
      return new VerbatimError(code, message);
    case 'event_too_large':
      return new VerbatimError('payload_too_large', message);
    default:
      return new VerbatimError('invalid_parameter', message, { param: 'id' });
  }
};
