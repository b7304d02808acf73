import { Command, CommandHandler, type ICommandHandler } from '@nestjs/cqrs';
import { AggregateStore, type CommandContext } from '#event-sourcing';
import { webhooksAggregate } from '../webhook.aggregate.js';
import { requireWebhook, rotateSecret } from '../webhook.decider.js';
import { WebhookSecrets } from '../webhook-secrets.js';
import { webhookView } from '../webhook-view.js';
import { Webhooks, webhooksStream } from '../webhooks.js';
import type { WebhookWithSecret } from './create-webhook.js';

/** A new secret, shown this once; the one before it signs for another day. Two at once rotate once and get the same. */
export class RotateWebhookSecret extends Command<WebhookWithSecret> {
  constructor(
    readonly context: CommandContext,
    readonly orgId: string,
    readonly webhookId: string,
  ) {
    super();
  }
}

@CommandHandler(RotateWebhookSecret)
export class RotateWebhookSecretHandler implements ICommandHandler<RotateWebhookSecret> {
  constructor(
    private readonly aggregates: AggregateStore,
    private readonly webhooks: Webhooks,
    private readonly secrets: WebhookSecrets,
  ) {}

  async execute({ context, orgId, webhookId }: RotateWebhookSecret): Promise<WebhookWithSecret> {
    const { secretVersion: version } = await this.webhooks.require(orgId, webhookId);
    const asked = { version, now: context.receivedAt, by: context.actor.id };
    const { state } = await this.aggregates.change(webhooksAggregate, webhooksStream(orgId), context, (before) =>
      rotateSecret(before, webhookId, asked),
    );
    const webhook = requireWebhook(state, webhookId);
    return { webhook: webhookView(webhook), secret: this.secrets.of(orgId, webhookId, webhook.secretVersion) };
  }
}
