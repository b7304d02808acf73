import { Body, Controller, Delete, Get, Param, Patch, Post, Query } from '@nestjs/common';
import { CommandBus, QueryBus } from '@nestjs/cqrs';
import { CloseAccess } from '#access';
import {
  type AssessmentPage,
  type AssessmentView,
  CreateAssessment,
  DeleteAssessment,
  GetAssessment,
  ListAssessments,
  UpdateAssessment,
} from '#assessments';
import { CommandContext } from '#event-sourcing';
import type { KeyPrincipal } from '#platform';
import { type RubricFields, rubricFields } from '#scoring';
import { Allow, Caller, Context, PageQuery } from '../http/index.js';
import type { ScoringRubricBody } from '../scoring/rubric.bodies.js';
import { AssessmentChangesBody, NewAssessmentBody } from './assessment.bodies.js';

interface AssessmentAnswer {
  readonly assessment: AssessmentView;
}

/** W13. */
@Controller('api/assessments')
@Allow('admin')
export class AssessmentsController {
  constructor(
    private readonly commands: CommandBus,
    private readonly queries: QueryBus,
  ) {}

  @Get()
  @Allow('admin', 'reviewer', 'auditor')
  list(@Caller() { orgId }: KeyPrincipal, @Query() page: PageQuery): Promise<AssessmentPage> {
    return this.queries.execute(new ListAssessments(orgId, page));
  }

  @Get(':assessmentId')
  @Allow('admin', 'reviewer', 'auditor')
  async get(@Caller() { orgId }: KeyPrincipal, @Param('assessmentId') id: string): Promise<AssessmentAnswer> {
    return { assessment: await this.queries.execute(new GetAssessment(orgId, id)) };
  }

  @Post(['', 'create'])
  async create(
    @Caller() { orgId }: KeyPrincipal,
    @Context() context: CommandContext,
    @Body() body: NewAssessmentBody,
  ): Promise<AssessmentAnswer> {
    return { assessment: await this.commands.execute(new CreateAssessment(context, orgId, wishOf(body))) };
  }

  @Patch(':assessmentId')
  async update(
    @Caller() { orgId }: KeyPrincipal,
    @Context() context: CommandContext,
    @Param('assessmentId') id: string,
    @Body() body: AssessmentChangesBody,
  ): Promise<AssessmentAnswer> {
    return { assessment: await this.commands.execute(new UpdateAssessment(context, orgId, id, wishOf(body))) };
  }

  @Delete(':assessmentId')
  async delete(
    @Caller() { orgId }: KeyPrincipal,
    @Context() context: CommandContext,
    @Param('assessmentId') id: string,
  ): Promise<{ ok: true }> {
    await this.commands.execute(new DeleteAssessment(context, orgId, id));
    await this.commands.execute(new CloseAccess(context, orgId, id));
    return { ok: true };
  }
}

/** A rubric is kept with its defaults written out, so that no later default changes what a session is scored by. */
const wishOf = <Body extends NewAssessmentBody | AssessmentChangesBody>({ scoringRubric, ...body }: Body) => ({
  ...body,
  ...(scoringRubric === undefined ? {} : { scoringRubric: scoringRubric && { ...inlineRubric(scoringRubric) } }),
});

const inlineRubric = ({ name = 'Scoring rubric', ...fields }: ScoringRubricBody): RubricFields =>
  rubricFields({ name, ...fields }, 'scoringRubric.');
