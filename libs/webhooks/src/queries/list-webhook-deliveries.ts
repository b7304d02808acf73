import { type IQueryHandler, Query, QueryHandler } from '@nestjs/cqrs';
import { type DeliveryState, OpsStore } from '#ops-store';
import { type DeliveryView, deliveryView } from '../delivery-view.js';
import { Webhooks } from '../webhooks.js';

export interface DeliveriesPage {
  readonly deliveries: readonly DeliveryView[];
  readonly total: number;
  readonly limit: number;
  readonly offset: number;
}

/** Newest first. */
export class ListWebhookDeliveries extends Query<DeliveriesPage> {
  constructor(
    readonly orgId: string,
    readonly webhookId: string,
    readonly page: { readonly limit: number; readonly offset: number; readonly state?: DeliveryState | undefined },
  ) {
    super();
  }
}

@QueryHandler(ListWebhookDeliveries)
export class ListWebhookDeliveriesHandler implements IQueryHandler<ListWebhookDeliveries> {
  constructor(
    private readonly webhooks: Webhooks,
    private readonly ops: OpsStore,
  ) {}

  async execute({ orgId, webhookId, page }: ListWebhookDeliveries): Promise<DeliveriesPage> {
    const { limit, offset, state } = page;
    await this.webhooks.require(orgId, webhookId);
    const asked = { limit, offset, target: webhookId, ...(state === undefined ? {} : { state }) };
    const { deliveries, total } = await this.ops.deliveries.list(orgId, asked);
    return { deliveries: deliveries.map(deliveryView), total, limit, offset };
  }
}
