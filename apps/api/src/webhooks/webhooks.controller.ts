import { Body, Controller, Delete, Get, HttpCode, Param, Patch, Post } from '@nestjs/common';
import { CommandBus } from '@nestjs/cqrs';
import { CommandContext } from '#event-sourcing';
import type { KeyPrincipal } from '#platform';
import {
  ChangeWebhook,
  CreateWebhook,
  RemoveWebhook,
  RotateWebhookSecret,
  Webhooks,
  type WebhookView,
  type WebhookWithSecret,
  webhookView,
} from '#webhooks';
import { Allow, Caller, Context } from '../http/index.js';
import { NewWebhookBody, WebhookChangesBody } from './webhook.bodies.js';

/** Who is called when something happens to a session. */
@Controller('api/webhooks')
@Allow('owner', 'admin')
export class WebhooksController {
  constructor(
    private readonly commands: CommandBus,
    private readonly webhooks: Webhooks,
  ) {}

  @Get()
  async list(@Caller() { orgId }: KeyPrincipal): Promise<{ webhooks: readonly WebhookView[] }> {
    return { webhooks: (await this.webhooks.all(orgId)).map(webhookView) };
  }

  @Post()
  create(
    @Caller() { orgId }: KeyPrincipal,
    @Context() context: CommandContext,
    @Body() body: NewWebhookBody,
  ): Promise<WebhookWithSecret> {
    return this.commands.execute(new CreateWebhook(context, orgId, body));
  }

  @Get(':webhookId')
  async get(@Caller() { orgId }: KeyPrincipal, @Param('webhookId') id: string): Promise<{ webhook: WebhookView }> {
    return { webhook: webhookView(await this.webhooks.require(orgId, id)) };
  }

  @Patch(':webhookId')
  async change(
    @Caller() { orgId }: KeyPrincipal,
    @Context() context: CommandContext,
    @Param('webhookId') id: string,
    @Body() body: WebhookChangesBody,
  ): Promise<{ webhook: WebhookView }> {
    return { webhook: await this.commands.execute(new ChangeWebhook(context, orgId, id, body)) };
  }

  @Delete(':webhookId')
  async remove(
    @Caller() { orgId }: KeyPrincipal,
    @Context() context: CommandContext,
    @Param('webhookId') id: string,
  ): Promise<{ ok: true }> {
    await this.commands.execute(new RemoveWebhook(context, orgId, id));
    return { ok: true };
  }

  @Post(':webhookId/rotate-secret')
  @HttpCode(200)
  rotate(
    @Caller() { orgId }: KeyPrincipal,
    @Context() context: CommandContext,
    @Param('webhookId') id: string,
  ): Promise<WebhookWithSecret> {
    return this.commands.execute(new RotateWebhookSecret(context, orgId, id));
  }
}
