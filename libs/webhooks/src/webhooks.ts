import { Injectable } from '@nestjs/common';
import { AggregateStore, streamName } from '#event-sourcing';
import { type Webhook, webhooksAggregate } from './webhook.aggregate.js';
import { requireWebhook } from './webhook.decider.js';

/** The webhooks of an organization, read from its own stream. */
@Injectable()
export class Webhooks {
  constructor(private readonly aggregates: AggregateStore) {}

  /** Oldest first. */
  async all(orgId: string): Promise<readonly Webhook[]> {
    const { state } = await this.aggregates.load(webhooksAggregate, webhooksStream(orgId));
    return [...state.webhooks.values()];
  }

  async find(orgId: string, webhookId: string): Promise<Webhook | undefined> {
    const { state } = await this.aggregates.load(webhooksAggregate, webhooksStream(orgId));
    return state.webhooks.get(webhookId);
  }

  /** @throws VerbatimError not_found */
  async require(orgId: string, webhookId: string): Promise<Webhook> {
    const { state } = await this.aggregates.load(webhooksAggregate, webhooksStream(orgId));
    return requireWebhook(state, webhookId);
  }
}

export const webhooksStream = (orgId: string): string => streamName('webhooks', orgId);
