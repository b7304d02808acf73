import { Command, CommandHandler, type ICommandHandler } from '@nestjs/cqrs';
import { AggregateStore, type CommandContext } from '#event-sourcing';
import { derivedId } from '#platform';
import { Addresses } from '../sending/addresses.js';
import { webhooksAggregate } from '../webhook.aggregate.js';
import { createWebhook, requireWebhook, type WebhookWish } from '../webhook.decider.js';
import { WebhookSecrets } from '../webhook-secrets.js';
import { type WebhookView, webhookView } from '../webhook-view.js';
import { webhooksStream } from '../webhooks.js';

export interface WebhookWithSecret {
  readonly webhook: WebhookView;
  /** This once. */
  readonly secret: string;
}

export class CreateWebhook extends Command<WebhookWithSecret> {
  constructor(
    readonly context: CommandContext,
    readonly orgId: string,
    readonly wish: WebhookWish,
  ) {
    super();
  }
}

@CommandHandler(CreateWebhook)
export class CreateWebhookHandler implements ICommandHandler<CreateWebhook> {
  constructor(
    private readonly aggregates: AggregateStore,
    private readonly addresses: Addresses,
    private readonly secrets: WebhookSecrets,
  ) {}

  async execute({ context, orgId, wish }: CreateWebhook): Promise<WebhookWithSecret> {
    const url = await this.addresses.requireCallable(wish.url, 'url');
    const id = derivedId('webhook', orgId, context.commandId);
    const { state } = await this.aggregates.change(webhooksAggregate, webhooksStream(orgId), context, (before) =>
      createWebhook(before, id, { ...wish, url }, context.actor.id),
    );
    const webhook = requireWebhook(state, id);
    return { webhook: webhookView(webhook), secret: this.secrets.of(orgId, id, webhook.secretVersion) };
  }
}
