import { Body, Controller, Get, Param, Post, Query } from '@nestjs/common';
import { CommandBus } from '@nestjs/cqrs';
import { AddIssue, IssueLibrary, type IssuesPage, type IssueView } from '#assessments';
import { CommandContext } from '#event-sourcing';
import { type KeyPrincipal, notFound } from '#platform';
import { Allow, Caller, Context } from '../http/index.js';
import { IssueBody } from './assessment.bodies.js';
import { IssuesQuery } from './v1.queries.js';
import { webAddress } from './web-address.js';

/** V16: the library that `issueId` names. */
@Controller('v1/issues')
@Allow('admin', 'reviewer', 'auditor')
export class IssuesController {
  constructor(
    private readonly commands: CommandBus,
    private readonly issues: IssueLibrary,
  ) {}

  @Get()
  list(@Caller() { orgId }: KeyPrincipal, @Query() query: IssuesQuery): Promise<IssuesPage> {
    const { language, difficulty, ...page } = query;
    return this.issues.list(orgId, { language, difficulty }, page);
  }

  @Get(':issueId')
  async get(@Caller() { orgId }: KeyPrincipal, @Param('issueId') id: string): Promise<{ issue: IssueView }> {
    const issue = await this.issues.find(orgId, id);
    if (!issue) throw notFound('issue');
    return { issue };
  }

  @Post()
  @Allow('admin')
  async add(
    @Caller() { orgId }: KeyPrincipal,
    @Context() context: CommandContext,
    @Body() body: IssueBody,
  ): Promise<{ issue: IssueView }> {
    const wish = { ...body, repoUrl: webAddress(body.repoUrl, 'repoUrl'), url: webAddress(body.url, 'url') };
    return { issue: await this.commands.execute(new AddIssue(context, orgId, wish)) };
  }
}
