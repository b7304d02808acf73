import { Command, CommandHandler, type ICommandHandler } from '@nestjs/cqrs';
import type { CommandContext } from '#event-sourcing';
import { OpsStore } from '#ops-store';
import { derivedId, notFound, VerbatimError } from '#platform';
import { type DeliveryView, deliveryView } from '../delivery-view.js';
import { WebhookQueue } from '../sending/webhook-queue.js';
import { Webhooks } from '../webhooks.js';

/** Sends a message once more by hand: the same message id, a delivery of its own, a day of tries of its own. */
export class Redeliver extends Command<DeliveryView> {
  constructor(
    readonly context: CommandContext,
    readonly orgId: string,
    readonly webhookId: string,
    readonly deliveryId: string,
  ) {
    super();
  }
}

@CommandHandler(Redeliver)
export class RedeliverHandler implements ICommandHandler<Redeliver> {
  constructor(
    private readonly webhooks: Webhooks,
    private readonly ops: OpsStore,
    private readonly queue: WebhookQueue,
  ) {}

  async execute({ context, orgId, webhookId, deliveryId }: Redeliver): Promise<DeliveryView> {
    await this.webhooks.require(orgId, webhookId);
    const delivery = await this.ops.deliveries.find(deliveryId);
    if (delivery?.orgId !== orgId || delivery.queue?.target !== webhookId) throw notFound('delivery');
    if (delivery.state === 'pending')
      throw new VerbatimError('delivery_pending', 'This delivery is still under way: it is tried again by itself.', {
        details: { attempts: delivery.attempts },
      });
    const id = derivedId('webhook_redelivery', deliveryId, context.commandId);
    return deliveryView(await this.queue.repeat(delivery, id, context.receivedAt));
  }
}
