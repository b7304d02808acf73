import { type IQueryHandler, Query, QueryHandler } from '@nestjs/cqrs';
import { type DeliveryListRequest, type ListPlace, listDeliveries, OpsStore } from '#ops-store';
import { type DeliveryView, deliveryView } from '../delivery-view.js';
import { Webhooks } from '../webhooks.js';

export interface DeliveriesPage extends ListPlace {
  readonly deliveries: readonly DeliveryView[];
}

/** Newest first. */
export class ListWebhookDeliveries extends Query<DeliveriesPage> {
  constructor(
    readonly orgId: string,
    readonly webhookId: string,
    readonly page: Omit<DeliveryListRequest, 'target'>,
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
    await this.webhooks.require(orgId, webhookId);
    const { deliveries, ...place } = await listDeliveries(this.ops.deliveries, orgId, { ...page, target: webhookId });
    return { deliveries: deliveries.map(deliveryView), ...place };
  }
}
