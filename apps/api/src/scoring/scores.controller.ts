import { Body, Controller, Get, HttpCode, Param, Post } from '@nestjs/common';
import { CommandBus, QueryBus } from '@nestjs/cqrs';
import { CommandContext } from '#event-sourcing';
import { type KeyPrincipal, notFound } from '#platform';
import { PostScore, ReviewScore, Scores, Submissions, type SubmissionView } from '#scoring';
import { GetSession, type SessionView } from '#sessions';
import { Allow, Caller, Context } from '../http/index.js';
import { readerOf } from '../sessions/session-reader.js';
import { type ShownScore, shownTo } from './score-mask.js';
import { BroughtScoreBody, ReviewBody } from './scoring.bodies.js';

/** W7, W8, and scores made elsewhere: what was thought of one session's work. */
@Controller('api/sessions/:sessionId')
export class ScoresController {
  constructor(
    private readonly commands: CommandBus,
    private readonly queries: QueryBus,
    private readonly scores: Scores,
    private readonly submissions: Submissions,
  ) {}

  @Get('score')
  @Allow('admin', 'reviewer', 'auditor')
  async current(@Caller() caller: KeyPrincipal, @Param('sessionId') sessionId: string): Promise<{ score: ShownScore }> {
    return { score: shownTo(caller, await this.scores.current(caller.orgId, sessionId)) };
  }

  @Get('scores')
  @Allow('admin', 'reviewer', 'auditor')
  async all(
    @Caller() caller: KeyPrincipal,
    @Param('sessionId') sessionId: string,
  ): Promise<{ scores: readonly ShownScore[] }> {
    const scores = await this.scores.all(caller.orgId, sessionId);
    return { scores: scores.map((score) => shownTo(caller, score)) };
  }

  @Post('scores')
  @Allow('admin', 'scorer')
  async post(
    @Caller() caller: KeyPrincipal,
    @Context() context: CommandContext,
    @Param('sessionId') sessionId: string,
    @Body() { id, ...body }: BroughtScoreBody,
  ): Promise<{ score: ShownScore }> {
    const score = {
      model: body.model ?? null,
      categories: body.categories,
      summaryText: body.summaryText ?? '',
      feedbackText: body.feedbackText ?? '',
      followUpQuestions: body.followUpQuestions ?? [],
    };
    const runId = await this.commands.execute(new PostScore(context, caller.orgId, sessionId, score, id));
    const made = (await this.scores.all(caller.orgId, sessionId)).find((run) => run.id === runId);
    // Deleted since, or reopened: it was recorded all the same.
    if (!made) throw notFound('score');
    return { score: shownTo(caller, made) };
  }

  @Get('submission')
  @Allow('admin', 'reviewer', 'auditor', 'scorer')
  async submission(
    @Caller() caller: KeyPrincipal,
    @Param('sessionId') sessionId: string,
  ): Promise<{ submission: SubmissionView }> {
    return { submission: await this.submissions.view(caller, sessionId) };
  }

  @Post('review')
  @HttpCode(200)
  @Allow('admin', 'reviewer')
  async review(
    @Caller() caller: KeyPrincipal,
    @Context() context: CommandContext,
    @Param('sessionId') sessionId: string,
    @Body() { adjustments = [], note = null, decision = null }: ReviewBody,
  ): Promise<{ session: SessionView; score: ShownScore }> {
    const { orgId, name: byName } = caller;
    await this.commands.execute(new ReviewScore(context, orgId, sessionId, { adjustments, note, decision, byName }));
    return {
      session: await this.queries.execute(new GetSession(orgId, sessionId, readerOf(caller))),
      score: shownTo(caller, await this.scores.current(orgId, sessionId)),
    };
  }
}
