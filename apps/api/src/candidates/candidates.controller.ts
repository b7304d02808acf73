import { Body, Controller, Delete, Get, Param, Patch, Query } from '@nestjs/common';
import { CommandBus, QueryBus } from '@nestjs/cqrs';
import { IsOptional } from 'class-validator';
import { type Candidate, type CandidatePage, ListCandidates, RemoveCandidate, UpdateCandidate } from '#candidates';
import { CommandContext } from '#event-sourcing';
import type { KeyPrincipal } from '#platform';
import { Allow, Caller, CleanText, Context, EmailAddress, IfGiven, PageQuery } from '../http/index.js';

export class CandidateChangesBody {
  @IfGiven()
  @CleanText()
  name?: string;

  @IfGiven()
  @EmailAddress()
  email?: string;

  /** Your own id of the person: webhooks echo it. */
  @IsOptional()
  @CleanText(128)
  externalId?: string | null;
}

/** W14. */
@Controller('api/candidates')
@Allow('admin')
export class CandidatesController {
  constructor(
    private readonly commands: CommandBus,
    private readonly queries: QueryBus,
  ) {}

  @Get()
  list(@Caller() { orgId }: KeyPrincipal, @Query() page: PageQuery): Promise<CandidatePage> {
    return this.queries.execute(new ListCandidates(orgId, page));
  }

  @Patch(':candidateId')
  async update(
    @Caller() { orgId }: KeyPrincipal,
    @Context() context: CommandContext,
    @Param('candidateId') id: string,
    @Body() changes: CandidateChangesBody,
  ): Promise<{ candidate: Candidate }> {
    return { candidate: await this.commands.execute(new UpdateCandidate(context, orgId, id, changes)) };
  }

  @Delete(':candidateId')
  async remove(
    @Caller() { orgId }: KeyPrincipal,
    @Context() context: CommandContext,
    @Param('candidateId') id: string,
  ): Promise<{ ok: true }> {
    await this.commands.execute(new RemoveCandidate(context, orgId, id));
    return { ok: true };
  }
}
