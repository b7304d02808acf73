import { Body, Controller, Get, HttpCode, Param, Post } from '@nestjs/common';
import { CommandBus, QueryBus } from '@nestjs/cqrs';
import { CommandContext } from '#event-sourcing';
import type { CandidatePrincipal } from '#platform';
import {
  AdvancePhase,
  GetSession,
  GetWorkspace,
  OpenSession,
  SaveCheckpoint,
  type SessionView,
  StartTask,
  SubmitSession,
  type Workspace,
} from '#sessions';
import { AllowCandidate, BodyLimit, Caller, Context, MEBIBYTE } from '../http/index.js';
import { AdvancePhaseBody, CheckpointBody, SubmitBody } from './session.bodies.js';
import { readerOf } from './session-reader.js';

/** A deliverable of 5 MiB and what stands around it. */
const DELIVERABLE_BODY = 6 * MEBIBYTE;

/** W1–W3, W5, A4, A5: the candidate at work, by the session's own token. */
@Controller('api')
@AllowCandidate()
export class WorkspaceController {
  constructor(
    private readonly commands: CommandBus,
    private readonly queries: QueryBus,
  ) {}

  @Get('candidate/session')
  workspace(@Caller() { orgId, sessionId }: CandidatePrincipal): Promise<Workspace> {
    return this.queries.execute(new GetWorkspace(orgId, sessionId));
  }

  @Post('sessions/:sessionId/open')
  @HttpCode(200)
  async open(
    @Caller() caller: CandidatePrincipal,
    @Context() context: CommandContext,
    @Param('sessionId') sessionId: string,
  ): Promise<{ session: SessionView }> {
    await this.commands.execute(new OpenSession(context, caller.orgId, sessionId));
    return this.shown(caller);
  }

  @Post('sessions/:sessionId/start')
  @HttpCode(200)
  async start(
    @Caller() caller: CandidatePrincipal,
    @Context() context: CommandContext,
    @Param('sessionId') sessionId: string,
  ): Promise<{ session: SessionView }> {
    await this.commands.execute(new StartTask(context, caller.orgId, sessionId));
    return this.shown(caller);
  }

  @Post('sessions/:sessionId/checkpoint')
  @HttpCode(200)
  @BodyLimit(DELIVERABLE_BODY)
  async checkpoint(
    @Caller() { orgId }: CandidatePrincipal,
    @Context() context: CommandContext,
    @Param('sessionId') sessionId: string,
    @Body() { deliverableState }: CheckpointBody,
  ): Promise<{ ok: true }> {
    await this.commands.execute(new SaveCheckpoint(context, orgId, sessionId, deliverableState));
    return { ok: true };
  }

  @Post('sessions/:sessionId/advance-phase')
  @HttpCode(200)
  @BodyLimit(DELIVERABLE_BODY)
  async advance(
    @Caller() { orgId }: CandidatePrincipal,
    @Context() context: CommandContext,
    @Param('sessionId') sessionId: string,
    @Body() { deliverableState, timeRemainingAtEnd, expectedPhaseIndex }: AdvancePhaseBody,
  ): Promise<{ ok: true; newPhaseIndex: number }> {
    const left = {
      deliverableState: deliverableState ?? null,
      timeRemainingS: timeRemainingAtEnd ?? null,
      expectedPhaseIndex: expectedPhaseIndex ?? null,
    };
    const { newPhaseIndex } = await this.commands.execute(new AdvancePhase(context, orgId, sessionId, left));
    return { ok: true, newPhaseIndex };
  }

  @Post('sessions/:sessionId/submit')
  @HttpCode(200)
  @BodyLimit(DELIVERABLE_BODY)
  async submit(
    @Caller() caller: CandidatePrincipal,
    @Context() context: CommandContext,
    @Param('sessionId') sessionId: string,
    @Body() { deliverableState }: SubmitBody,
  ): Promise<{ ok: true; session: SessionView }> {
    await this.commands.execute(new SubmitSession(context, caller.orgId, sessionId, deliverableState ?? null));
    return { ok: true, ...(await this.shown(caller)) };
  }

  private async shown(caller: CandidatePrincipal): Promise<{ session: SessionView }> {
    return { session: await this.queries.execute(new GetSession(caller.orgId, caller.sessionId, readerOf(caller))) };
  }
}
