import { type IQueryHandler, Query, QueryHandler } from '@nestjs/cqrs';
import { AggregateStore, streamName } from '#event-sourcing';
import { OpsStore } from '#ops-store';
import { Clock, isoTime } from '#platform';
import { organizationAggregate } from '../organization.aggregate.js';
import { isUsable } from '../organization.decider.js';
import { type ApiKeyView, apiKeyView } from '../organization.views.js';

/** Newest first. Revoked keys are not in it; expired ones are, with `isActive: false`. */
export class ListApiKeys extends Query<readonly ApiKeyView[]> {
  constructor(readonly orgId: string) {
    super();
  }
}

@QueryHandler(ListApiKeys)
export class ListApiKeysHandler implements IQueryHandler<ListApiKeys> {
  constructor(
    private readonly aggregates: AggregateStore,
    private readonly ops: OpsStore,
    private readonly clock: Clock,
  ) {}

  async execute({ orgId }: ListApiKeys): Promise<readonly ApiKeyView[]> {
    const { state } = await this.aggregates.load(organizationAggregate, streamName('organization', orgId));
    const keys = [...state.keys.values()].filter((key) => key.revokedAt === null).reverse();
    const used = await this.ops.lastUse.find(keys.map((key) => key.keyId));
    const now = this.clock.now();
    return keys.map((key) => {
      const lastUsed = used.get(key.keyId);
      const lastUsedAt = lastUsed === undefined ? null : isoTime(lastUsed);
      return apiKeyView(orgId, key, { isActive: isUsable(key, now), lastUsedAt });
    });
  }
}
