import { Body, Controller, Get, Patch } from '@nestjs/common';
import { CommandBus, QueryBus } from '@nestjs/cqrs';
import { CommandContext } from '#event-sourcing';
import { GetOrganization, type OrganizationView, UpdateOrganization } from '#organizations';
import type { KeyPrincipal } from '#platform';
import { Allow, Caller, Context } from '../http/index.js';
import { OrganizationBody } from './organization.bodies.js';

/** W17: the caller's own organization. */
@Controller('api/organization')
@Allow('owner', 'admin')
export class OrganizationController {
  constructor(
    private readonly commands: CommandBus,
    private readonly queries: QueryBus,
  ) {}

  @Get()
  async get(@Caller() { orgId }: KeyPrincipal): Promise<{ organization: OrganizationView }> {
    return { organization: await this.queries.execute(new GetOrganization(orgId)) };
  }

  @Patch()
  async update(
    @Caller() { orgId }: KeyPrincipal,
    @Context() context: CommandContext,
    @Body() body: OrganizationBody,
  ): Promise<{ organization: OrganizationView }> {
    return { organization: await this.commands.execute(new UpdateOrganization(context, orgId, body)) };
  }
}
