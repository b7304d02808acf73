import { Module } from '@nestjs/common';
import { CqrsModule } from '@nestjs/cqrs';
import { WebhooksModule } from '#webhooks';
import { DeliveriesController } from './deliveries.controller.js';
import { WebhooksController } from './webhooks.controller.js';

@Module({ imports: [CqrsModule, WebhooksModule], controllers: [WebhooksController, DeliveriesController] })
export class WebhooksApiModule {}
