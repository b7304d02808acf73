import { Command, CommandHandler, type ICommandHandler } from '@nestjs/cqrs';
import { AggregateStore, type CommandContext, streamName } from '#event-sourcing';
import { organizationAggregate } from '../organization.aggregate.js';
import { type OrganizationChanges, updateOrganization } from '../organization.decider.js';
import { type OrganizationView, organizationView } from '../organization.views.js';

export class UpdateOrganization extends Command<OrganizationView> {
  constructor(
    readonly context: CommandContext,
    readonly orgId: string,
    readonly changes: OrganizationChanges,
  ) {
    super();
  }
}

@CommandHandler(UpdateOrganization)
export class UpdateOrganizationHandler implements ICommandHandler<UpdateOrganization> {
  constructor(private readonly aggregates: AggregateStore) {}

  async execute({ context, orgId, changes }: UpdateOrganization): Promise<OrganizationView> {
    const { state } = await this.aggregates.change(
      organizationAggregate,
      streamName('organization', orgId),
      context,
      (before) => updateOrganization(before, changes),
    );
    return organizationView(orgId, state);
  }
}
