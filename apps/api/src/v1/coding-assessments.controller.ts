import { Body, Controller, Delete, Get, Param, Post } from '@nestjs/common';
import { CommandBus, QueryBus } from '@nestjs/cqrs';
import { CloseAccess } from '#access';
import {
  type AssessmentView,
  CreateCodingAssessment,
  DeleteAssessment,
  GetAssessment,
  IssueLibrary,
  ListAllAssessments,
} from '#assessments';
import { CommandContext } from '#event-sourcing';
import { type CandidatePrincipal, type KeyPrincipal, notFound, VerbatimError } from '#platform';
import { Rubrics } from '#scoring';
import { Sessions } from '#sessions';
import { Allow, AllowCandidate, Caller, Context } from '../http/index.js';
import { CodingAssessmentBody } from './assessment.bodies.js';
import { type AssessmentDocument, assessmentDocument, candidatesDocument } from './assessment-document.js';
import { webAddress } from './web-address.js';

/** V1–V4. */
@Controller('v1/assessments')
@Allow('admin')
export class CodingAssessmentsController {
  constructor(
    private readonly commands: CommandBus,
    private readonly queries: QueryBus,
    private readonly issues: IssueLibrary,
    private readonly rubrics: Rubrics,
    private readonly sessions: Sessions,
  ) {}

  @Post()
  async create(
    @Caller() { orgId }: KeyPrincipal,
    @Context() context: CommandContext,
    @Body() body: CodingAssessmentBody,
  ): Promise<{ assessment: AssessmentDocument }> {
    const wish = {
      title: body.title,
      role: body.role,
      taskBrief: body.taskBrief?.trim() ? body.taskBrief : null,
      issueId: body.issueId ?? null,
      repoUrl: webAddress(body.repoUrl, 'repoUrl'),
      timeLimitMinutes: body.timeLimitMinutes ?? undefined,
      expiresInDays: body.expiresInDays ?? undefined,
      rubricId: body.rubricId?.toLowerCase() ?? null,
    };
    if (wish.rubricId !== null && !(await this.rubrics.find(orgId, wish.rubricId)))
      throw new VerbatimError('invalid_parameter', 'rubricId names no rubric.', { param: 'rubricId' });
    const made = await this.commands.execute(new CreateCodingAssessment(context, orgId, wish));
    return { assessment: await this.shown(made) };
  }

  @Get()
  @Allow('admin', 'reviewer', 'auditor')
  async list(@Caller() { orgId }: KeyPrincipal): Promise<{ assessments: readonly AssessmentDocument[] }> {
    const all = await this.queries.execute(new ListAllAssessments(orgId));
    return { assessments: await Promise.all(all.map((view) => this.shown(view))) };
  }

  @Get(':assessmentId')
  @Allow('admin', 'reviewer', 'auditor')
  @AllowCandidate()
  async get(
    @Caller() caller: KeyPrincipal | CandidatePrincipal,
    @Param('assessmentId') id: string,
  ): Promise<{ assessment: AssessmentDocument }> {
    if (caller.kind === 'key') return { assessment: await this.read(caller.orgId, id) };
    // A key that was not redeemed has no session yet, and names its assessment itself.
    const own = (await this.sessions.find(caller.orgId, caller.sessionId))?.state;
    if ((own?.assessmentId ?? caller.assessmentId) !== id) throw notFound('assessment');
    const taskOpen = own !== undefined && own.taskStartedAt !== null;
    return { assessment: candidatesDocument(await this.read(caller.orgId, id), taskOpen) };
  }

  @Delete(':assessmentId')
  async delete(
    @Caller() { orgId }: KeyPrincipal,
    @Context() context: CommandContext,
    @Param('assessmentId') id: string,
  ): Promise<{ ok: true; id: string }> {
    await this.commands.execute(new DeleteAssessment(context, orgId, id));
    await this.commands.execute(new CloseAccess(context, orgId, id));
    return { ok: true, id };
  }

  private async read(orgId: string, id: string): Promise<AssessmentDocument> {
    return this.shown(await this.queries.execute(new GetAssessment(orgId, id)));
  }

  private async shown(view: AssessmentView): Promise<AssessmentDocument> {
    const issue = view.issueId === null ? undefined : await this.issues.find(view.orgId, view.issueId);
    return assessmentDocument(view, issue);
  }
}
