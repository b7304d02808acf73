import type { EventDefinition } from '#event-sourcing';
import { QueueWebhooks } from './policies/queue-webhooks.js';
import { webhookEvents } from './webhook.events.js';

export { ChangeWebhook } from './commands/change-webhook.js';
export { CreateWebhook, type WebhookWithSecret } from './commands/create-webhook.js';
export { PingWebhook } from './commands/ping-webhook.js';
export { Redeliver } from './commands/redeliver.js';
export { RemoveWebhook } from './commands/remove-webhook.js';
export { RotateWebhookSecret } from './commands/rotate-webhook-secret.js';
export type { DeliveryView } from './delivery-view.js';
export { type DeliveriesPage, ListWebhookDeliveries } from './queries/list-webhook-deliveries.js';
export { WebhookLoop } from './sending/webhook-loop.js';
export { WEBHOOK_EVENTS, type WebhookEvent } from './webhook.types.js';
export { type WebhookView, webhookView } from './webhook-view.js';
export { Webhooks } from './webhooks.js';
export { WebhooksModule } from './webhooks.module.js';

/** Every event of the room, for the catalogue. */
export const webhooksEvents: readonly EventDefinition[] = webhookEvents;
export const webhooksPolicies = [QueueWebhooks] as const;
