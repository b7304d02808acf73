import { Controller, Get, HttpCode, Param, Post, Query } from '@nestjs/common';
import { CommandBus, QueryBus } from '@nestjs/cqrs';
import { CommandContext } from '#event-sourcing';
import type { KeyPrincipal } from '#platform';
import { type DeliveriesPage, type DeliveryView, ListWebhookDeliveries, PingWebhook, Redeliver } from '#webhooks';
import { Allow, Caller, Context } from '../http/index.js';
import { DeliveriesQuery } from './webhook.bodies.js';

/** What was sent to a webhook, and sending it by hand. */
@Controller('api/webhooks/:webhookId')
@Allow('owner', 'admin')
export class DeliveriesController {
  constructor(
    private readonly commands: CommandBus,
    private readonly queries: QueryBus,
  ) {}

  @Post('test')
  @HttpCode(202)
  async ping(
    @Caller() { orgId }: KeyPrincipal,
    @Context() context: CommandContext,
    @Param('webhookId') id: string,
  ): Promise<{ delivery: DeliveryView }> {
    return { delivery: await this.commands.execute(new PingWebhook(context, orgId, id)) };
  }

  @Get('deliveries')
  list(
    @Caller() { orgId }: KeyPrincipal,
    @Param('webhookId') id: string,
    @Query() query: DeliveriesQuery,
  ): Promise<DeliveriesPage> {
    return this.queries.execute(new ListWebhookDeliveries(orgId, id, query));
  }

  @Post('deliveries/:deliveryId/redeliver')
  @HttpCode(202)
  async redeliver(
    @Caller() { orgId }: KeyPrincipal,
    @Context() context: CommandContext,
    @Param('webhookId') id: string,
    @Param('deliveryId') deliveryId: string,
  ): Promise<{ delivery: DeliveryView }> {
    return { delivery: await this.commands.execute(new Redeliver(context, orgId, id, deliveryId)) };
  }
}
