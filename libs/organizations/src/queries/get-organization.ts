import { type IQueryHandler, Query, QueryHandler } from '@nestjs/cqrs';
import { AggregateStore, streamName } from '#event-sourcing';
import { notFound } from '#platform';
import { organizationAggregate } from '../organization.aggregate.js';
import { type OrganizationView, organizationView } from '../organization.views.js';

export class GetOrganization extends Query<OrganizationView> {
  constructor(readonly orgId: string) {
    super();
  }
}

@QueryHandler(GetOrganization)
export class GetOrganizationHandler implements IQueryHandler<GetOrganization> {
  constructor(private readonly aggregates: AggregateStore) {}

  async execute({ orgId }: GetOrganization): Promise<OrganizationView> {
    const { state } = await this.aggregates.load(organizationAggregate, streamName('organization', orgId));
    if (!state.exists) throw notFound('organization');
    return organizationView(orgId, state);
  }
}
