import { Module } from '@nestjs/common';
import { CqrsModule } from '@nestjs/cqrs';
import { CandidatesModule } from '#candidates';
import { SessionsModule } from '#sessions';
import { ChangeWebhookHandler } from './commands/change-webhook.js';
import { CreateWebhookHandler } from './commands/create-webhook.js';
import { PingWebhookHandler } from './commands/ping-webhook.js';
import { RedeliverHandler } from './commands/redeliver.js';
import { RemoveWebhookHandler } from './commands/remove-webhook.js';
import { RotateWebhookSecretHandler } from './commands/rotate-webhook-secret.js';
import { QueueWebhooks } from './policies/queue-webhooks.js';
import { ListWebhookDeliveriesHandler } from './queries/list-webhook-deliveries.js';
import { Addresses } from './sending/addresses.js';
import { Messages } from './sending/messages.js';
import { WebhookCarrier } from './sending/webhook-carrier.js';
import { WebhookLoop } from './sending/webhook-loop.js';
import { WebhookQueue } from './sending/webhook-queue.js';
import { WebhookSender } from './sending/webhook-sender.js';
import { WebhookSecrets } from './webhook-secrets.js';
import { Webhooks } from './webhooks.js';

@Module({
  imports: [CqrsModule, CandidatesModule, SessionsModule],
  providers: [
    Addresses,
    Messages,
    WebhookCarrier,
    WebhookLoop,
    WebhookQueue,
    WebhookSecrets,
    WebhookSender,
    Webhooks,
    ChangeWebhookHandler,
    CreateWebhookHandler,
    ListWebhookDeliveriesHandler,
    PingWebhookHandler,
    RedeliverHandler,
    RemoveWebhookHandler,
    RotateWebhookSecretHandler,
    QueueWebhooks,
  ],
  exports: [Webhooks, WebhookLoop, QueueWebhooks],
})
export class WebhooksModule {}
