import { once } from 'node:events';
import { Body, Controller, Delete, Get, HttpCode, Param, Post, Query, Req, Res } from '@nestjs/common';
import { ArrayMaxSize, IsArray, IsBoolean, IsIn, IsInt, IsOptional, Max, Min } from 'class-validator';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { CommandContext } from '#event-sourcing';
import { EventStoreError } from '#event-store';
import { type Principal, VerbatimError } from '#platform';
import {
  Allow,
  AllowCandidate,
  AllowOperator,
  BodyLimit,
  Caller,
  CleanText,
  Context,
  EmailAddress,
  EventStreams,
  IfGiven,
  IsoTime,
  JsonObject,
  Nested,
  PageQuery,
  Public,
  positionWanted,
  resumeAfter,
} from '../index.js';

class Phase {
  @CleanText(20)
  name: string;

  @IsInt()
  @Min(1)
  @Max(60)
  timeMinutes: number;
}

export class TryOutBody {
  @EmailAddress()
  email: string;

  @IfGiven()
  @CleanText(50)
  displayName?: string;

  @IsOptional()
  @IsoTime()
  dueDate?: string | null;

  @IfGiven()
  @IsBoolean()
  sendEmail?: boolean;

  @IsOptional()
  @IsArray()
  @ArrayMaxSize(5)
  @EmailAddress({ each: true })
  candidateEmails?: string[];

  @IsOptional()
  @IsArray()
  @Nested(() => Phase, { each: true })
  phases?: Phase[];

  @IsOptional()
  @JsonObject()
  state?: Record<string, unknown>;
}

export class TryOutQuery extends PageQuery {
  @IsOptional()
  @IsIn(['red', 'green'])
  colour?: string;

  @IsOptional()
  @IsBoolean()
  loud?: boolean;
}

/** One route of each kind, to establish the manners on; counts how often a handler ran. */
@Controller('try')
export class TryOutController {
  runs = 0;
  late: 'waiting' | 'ended' | undefined;

  constructor(private readonly streams: EventStreams) {}

  @Public()
  @Get('open')
  open() {
    return { ok: true };
  }

  @Get('undeclared')
  undeclared() {
    return { ok: true };
  }

  @Allow('admin')
  @Get('list')
  list(@Query() query: TryOutQuery) {
    return { ...query };
  }

  @Allow('admin')
  @Post('write')
  write(@Context() context: CommandContext) {
    context.noteAppended(41n);
    context.noteAppended(42n);
    return { ok: true };
  }

  @Allow('admin')
  @Get('position')
  async position() {
    await new Promise((resolve) => setImmediate(resolve));
    return { wanted: String(positionWanted()) };
  }

  @Allow('owner')
  @Get('owners')
  owners() {
    return { ok: true };
  }

  @Allow('admin')
  @Post('bodies')
  @HttpCode(201)
  bodies(@Body() body: TryOutBody, @Context() context: CommandContext, @Caller() caller: Principal) {
    this.runs += 1;
    return { body, run: this.runs, context: { ...context }, caller };
  }

  @Allow('admin')
  @BodyLimit(2 * 1024 * 1024)
  @Post('large')
  large(@Body() body: Record<string, unknown>) {
    return { keys: Object.keys(body).length };
  }

  @Allow('runtime')
  @AllowCandidate()
  @Post('sessions/:sessionId/events')
  events(@Param('sessionId') sessionId: string) {
    return { sessionId };
  }

  @AllowCandidate()
  @Post('sessions/:sessionId/submit')
  @HttpCode(200)
  submit(@Param('sessionId') sessionId: string) {
    return { sessionId };
  }

  @AllowOperator()
  @Post('operate')
  operate() {
    return { ok: true };
  }

  @Allow('admin')
  @Delete('things/:id')
  remove(@Param('id') id: string) {
    return { id };
  }

  @Allow('admin')
  @Post('trouble/:kind')
  trouble(@Param('kind') kind: string) {
    this.runs += 1;
    throw troubles[kind]?.() ?? new Error(`Secret detail of ${kind}`);
  }

  @Allow('admin')
  @Get('silence')
  silence(@Req() request: FastifyRequest, @Res() reply: FastifyReply) {
    return this.streams.send(request, reply, async function* (signal) {
      await once(signal, 'abort');
      yield* [];
    });
  }

  /** A stream that takes so long to be found that its reader is gone by then. */
  @Allow('admin')
  @Get('late-stream')
  async lateStream(@Query() query: PageQuery, @Req() request: FastifyRequest, @Res() reply: FastifyReply) {
    this.late = 'waiting';
    await once(reply.raw, 'close');
    await this.stream(query, request, reply);
    this.late = 'ended';
  }

  @Allow('admin')
  @Get('stream')
  stream(@Query() query: PageQuery, @Req() request: FastifyRequest, @Res() reply: FastifyReply) {
    const from = Number(resumeAfter(request, query.after) ?? -1) + 1;
    return this.streams.send(request, reply, async function* (signal) {
      for (let id = from; !signal.aborted; id += 1) {
        yield { id: String(id), event: 'tick', data: { id } };
        await new Promise((resolve) => setTimeout(resolve, 5));
      }
    });
  }
}

const troubles: Readonly<Record<string, () => Error>> = {
  conflict: () => new VerbatimError('phase_conflict', 'Another phase.', { details: { currentPhaseIndex: 1 } }),
  quota: () => new VerbatimError('quota_exceeded', 'Used up.', { details: { used: 3, quota: 3 } }),
  full: () => new EventStoreError('unavailable', 'database or disk is full at /var/data'),
  lagging: () => new VerbatimError('projection_lagging', 'Behind.', { retryAfter: 2 }),
};
