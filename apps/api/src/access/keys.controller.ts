import { Body, Controller, Delete, Get, Param, Post } from '@nestjs/common';
import { CommandBus, QueryBus } from '@nestjs/cqrs';
import { ArrayMaxSize, IsArray, IsInt, Max, Min } from 'class-validator';
import { IssueKeys, type KeyView, ListKeys, RevokeKey } from '#access';
import { CommandContext } from '#event-sourcing';
import type { KeyPrincipal } from '#platform';
import { Allow, Caller, CleanText, Context, EmailAddress, IfGiven } from '../http/index.js';
import { keyReaderOf } from './key-reader.js';

const MOST_KEYS = 50;

export class KeysBody {
  @IsInt()
  @Min(1)
  @Max(MOST_KEYS)
  count: number;

  /** One for each key; an invitation goes to each. */
  @IfGiven()
  @IsArray()
  @ArrayMaxSize(MOST_KEYS)
  @EmailAddress({ each: true })
  candidateEmails?: string[];

  /** One for each address. */
  @IfGiven()
  @IsArray()
  @ArrayMaxSize(MOST_KEYS)
  @CleanText(255, 1, { each: true })
  candidateNames?: string[];

  /** How the company calls itself in the invitations; left out: by the organization's name. */
  @IfGiven()
  @CleanText()
  orgName?: string;
}

/** V5–V7. */
@Controller('v1/assessments/:assessmentId/keys')
@Allow('admin')
export class KeysController {
  constructor(
    private readonly commands: CommandBus,
    private readonly queries: QueryBus,
  ) {}

  @Post()
  async issue(
    @Caller() { orgId }: KeyPrincipal,
    @Context() context: CommandContext,
    @Param('assessmentId') assessmentId: string,
    @Body() wish: KeysBody,
  ): Promise<{ keys: readonly KeyView[] }> {
    return { keys: await this.commands.execute(new IssueKeys(context, orgId, assessmentId, wish)) };
  }

  @Get()
  @Allow('admin', 'reviewer', 'auditor')
  async list(
    @Caller() caller: KeyPrincipal,
    @Param('assessmentId') assessmentId: string,
  ): Promise<{ keys: readonly KeyView[] }> {
    return { keys: await this.queries.execute(new ListKeys(caller.orgId, assessmentId, keyReaderOf(caller))) };
  }

  @Delete(':keyId')
  async revoke(
    @Caller() { orgId }: KeyPrincipal,
    @Context() context: CommandContext,
    @Param('assessmentId') assessmentId: string,
    @Param('keyId') keyId: string,
  ): Promise<{ ok: true; id: string }> {
    await this.commands.execute(new RevokeKey(context, orgId, assessmentId, keyId));
    return { ok: true, id: keyId };
  }
}
