import { Body, Controller, Delete, Get, Param, Post } from '@nestjs/common';
import { CommandBus, QueryBus } from '@nestjs/cqrs';
import { CommandContext } from '#event-sourcing';
import { type ApiKeyView, IssueApiKey, type IssuedApiKey, ListApiKeys, RevokeApiKey } from '#organizations';
import type { KeyPrincipal } from '#platform';
import { Allow, Caller, Context } from '../http/index.js';
import { NewApiKeyBody } from './organization.bodies.js';

/** W15. */
@Controller('api/api-keys')
@Allow('owner', 'admin')
export class ApiKeysController {
  constructor(
    private readonly commands: CommandBus,
    private readonly queries: QueryBus,
  ) {}

  @Get()
  async list(@Caller() { orgId }: KeyPrincipal): Promise<{ apiKeys: readonly ApiKeyView[] }> {
    return { apiKeys: await this.queries.execute(new ListApiKeys(orgId)) };
  }

  @Post()
  issue(
    @Caller() { orgId }: KeyPrincipal,
    @Context() context: CommandContext,
    @Body() body: NewApiKeyBody,
  ): Promise<IssuedApiKey> {
    return this.commands.execute(new IssueApiKey(context, orgId, body));
  }

  @Delete(':keyId')
  async revoke(
    @Caller() { orgId }: KeyPrincipal,
    @Context() context: CommandContext,
    @Param('keyId') keyId: string,
  ): Promise<{ ok: true }> {
    await this.commands.execute(new RevokeApiKey(context, orgId, keyId));
    return { ok: true };
  }
}
