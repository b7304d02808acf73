import { Body, Controller, Get, Param, Post, Query } from '@nestjs/common';
import { CommandBus } from '@nestjs/cqrs';
import { CommandContext } from '#event-sourcing';
import { type KeyPrincipal, notFound } from '#platform';
import { CreateRubric, Rubrics, type RubricsPage, type RubricView } from '#scoring';
import { Allow, Caller, Context, PageQuery } from '../http/index.js';
import { RubricBody } from '../scoring/rubric.bodies.js';

/** V17: what `rubricId` names. */
@Controller('v1/rubrics')
@Allow('admin', 'reviewer', 'auditor')
export class RubricsController {
  constructor(
    private readonly commands: CommandBus,
    private readonly rubrics: Rubrics,
  ) {}

  @Get()
  list(@Caller() { orgId }: KeyPrincipal, @Query() page: PageQuery): Promise<RubricsPage> {
    return this.rubrics.list(orgId, page);
  }

  @Get(':rubricId')
  async get(@Caller() { orgId }: KeyPrincipal, @Param('rubricId') id: string): Promise<{ rubric: RubricView }> {
    const rubric = await this.rubrics.find(orgId, id);
    if (!rubric) throw notFound('rubric');
    return { rubric };
  }

  @Post()
  @Allow('admin')
  async create(
    @Caller() { orgId }: KeyPrincipal,
    @Context() context: CommandContext,
    @Body() body: RubricBody,
  ): Promise<{ rubric: RubricView }> {
    return { rubric: await this.commands.execute(new CreateRubric(context, orgId, body)) };
  }
}
