import { Command, CommandHandler, type ICommandHandler } from '@nestjs/cqrs';
import { AggregateStore, type CommandContext } from '#event-sourcing';
import { Addresses } from '../sending/addresses.js';
import { webhooksAggregate } from '../webhook.aggregate.js';
import { changeWebhook, requireWebhook, type WebhookChange } from '../webhook.decider.js';
import { type WebhookView, webhookView } from '../webhook-view.js';
import { webhooksStream } from '../webhooks.js';

export class ChangeWebhook extends Command<WebhookView> {
  constructor(
    readonly context: CommandContext,
    readonly orgId: string,
    readonly webhookId: string,
    readonly change: WebhookChange,
  ) {
    super();
  }
}

@CommandHandler(ChangeWebhook)
export class ChangeWebhookHandler implements ICommandHandler<ChangeWebhook> {
  constructor(
    private readonly aggregates: AggregateStore,
    private readonly addresses: Addresses,
  ) {}

  async execute({ context, orgId, webhookId, change }: ChangeWebhook): Promise<WebhookView> {
    const { url } = change;
    const callable = url === undefined ? {} : { url: await this.addresses.requireCallable(url, 'url') };
    const { state } = await this.aggregates.change(webhooksAggregate, webhooksStream(orgId), context, (before) =>
      changeWebhook(before, webhookId, { ...change, ...callable }, context.actor.id),
    );
    return webhookView(requireWebhook(state, webhookId));
  }
}
