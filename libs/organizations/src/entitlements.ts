import { Injectable } from '@nestjs/common';
import { AggregateStore, type CommandContext, streamName } from '#event-sourcing';
import { organizationAggregate } from './organization.aggregate.js';
import { countAssessment, requireSubscription } from './organization.decider.js';

/** What an organization may have, by facts of its own stream: exact however many ask at once. */
@Injectable()
export class Entitlements {
  constructor(private readonly aggregates: AggregateStore) {}

  /** @throws VerbatimError subscription_inactive | trial_expired */
  async requireSubscription(orgId: string): Promise<void> {
    requireSubscription((await this.aggregates.load(organizationAggregate, streamName('organization', orgId))).state);
  }

  /**
   * Takes the assessment's place in the monthly quota, once: before it is made.
   * @throws VerbatimError quota_exceeded; when `paid` is wanted also subscription_inactive | trial_expired
   */
  async countAssessment(
    context: CommandContext,
    orgId: string,
    wanted: { assessmentId: string; paid: boolean },
  ): Promise<void> {
    await this.aggregates.change(organizationAggregate, streamName('organization', orgId), context, (state) =>
      countAssessment(state, wanted, context.receivedAt),
    );
  }
}
