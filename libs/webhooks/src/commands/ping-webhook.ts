import { Command, CommandHandler, type ICommandHandler } from '@nestjs/cqrs';
import type { CommandContext } from '#event-sourcing';
import { derivedId, isoTime } from '#platform';
import { type DeliveryView, deliveryView } from '../delivery-view.js';
import { WebhookQueue } from '../sending/webhook-queue.js';
import { Webhooks } from '../webhooks.js';

/** Sends a test message, whatever the webhook listens to; what became of it stands in the log of deliveries. */
export class PingWebhook extends Command<DeliveryView> {
  constructor(
    readonly context: CommandContext,
    readonly orgId: string,
    readonly webhookId: string,
  ) {
    super();
  }
}

@CommandHandler(PingWebhook)
export class PingWebhookHandler implements ICommandHandler<PingWebhook> {
  constructor(
    private readonly webhooks: Webhooks,
    private readonly queue: WebhookQueue,
  ) {}

  async execute({ context, orgId, webhookId }: PingWebhook): Promise<DeliveryView> {
    await this.webhooks.require(orgId, webhookId);
    const messageId = derivedId('webhook_ping', webhookId, context.commandId);
    const { receivedAt } = context;
    return deliveryView(await this.queue.ping(orgId, webhookId, messageId, isoTime(receivedAt), receivedAt));
  }
}
