import { Readable } from 'node:stream';
import { Controller, Get, Param, Query, Req, Res, StreamableFile } from '@nestjs/common';
import { QueryBus } from '@nestjs/cqrs';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { type KeyPrincipal, VerbatimError } from '#platform';
import { type Replay, type ReplayPoint, ReplaySession, SessionRecord } from '#sessions';
import { Allow, Caller, EventStreams, resumeAfter } from '../http/index.js';
import { BlindEvents } from './blind-events.js';
import { maskedFor } from './event-mask.js';
import { ReplayQuery, StreamQuery } from './session.queries.js';

/** W10–W12: the whole record of a session, live, as it once stood, and to take away. */
@Controller('api/sessions/:sessionId')
export class SessionRecordController {
  constructor(
    private readonly queries: QueryBus,
    private readonly records: SessionRecord,
    private readonly streams: EventStreams,
    private readonly blind: BlindEvents,
  ) {}

  @Get('stream')
  @Allow('admin', 'reviewer', 'auditor')
  async stream(
    @Caller() caller: KeyPrincipal,
    @Param('sessionId') sessionId: string,
    @Query() query: StreamQuery,
    @Req() request: FastifyRequest,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    const after = seqOf(resumeAfter(request, query.after));
    const live = await this.records.live(caller.orgId, sessionId, after);
    const blinded = this.blind.for(caller);
    await this.streams.send(request, reply, async function* (signal) {
      for await (const event of live(signal))
        yield { id: String(event.seq), data: maskedFor(caller, await blinded(event)) };
    });
  }

  @Get('replay')
  @Allow('admin', 'reviewer', 'auditor')
  async replay(
    @Caller() caller: KeyPrincipal,
    @Param('sessionId') sessionId: string,
    @Query() query: ReplayQuery,
  ): Promise<Replay> {
    const replay = await this.queries.execute(new ReplaySession(caller.orgId, sessionId, pointOf(query)));
    return this.blind.value(caller, sessionId, replay);
  }

  @Get('export')
  @Allow('admin', 'auditor')
  async export(@Caller() caller: KeyPrincipal, @Param('sessionId') sessionId: string): Promise<StreamableFile> {
    const events = await this.records.whole(caller.orgId, sessionId);
    const blinded = this.blind.for(caller);
    const lines = async function* () {
      for await (const event of events) yield `${JSON.stringify(maskedFor(caller, await blinded(event)))}\n`;
    };
    return new StreamableFile(Readable.from(lines()), {
      type: 'application/x-ndjson; charset=utf-8',
      disposition: `attachment; filename="session-${sessionId}.ndjson"`,
    });
  }
}

/** -1: from the first event. */
const seqOf = (after: string | undefined): number => {
  if (after === undefined) return -1;
  if (/^\d{1,15}$/.test(after)) return Number(after);
  throw new VerbatimError('invalid_cursor', 'after must be the seq of an event of this session.', { param: 'after' });
};

const pointOf = ({ at, atTime }: ReplayQuery): ReplayPoint => {
  if (at !== undefined && atTime !== undefined)
    throw new VerbatimError('invalid_parameter', 'Give at or atTime, not both.', { param: 'atTime' });
  if (at !== undefined) return { seq: at };
  return atTime === undefined ? undefined : { time: Date.parse(atTime) };
};
