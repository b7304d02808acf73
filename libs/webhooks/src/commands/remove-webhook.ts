import { Command, CommandHandler, type ICommandHandler } from '@nestjs/cqrs';
import { AggregateStore, type CommandContext } from '#event-sourcing';
import { webhooksAggregate } from '../webhook.aggregate.js';
import { removeWebhook } from '../webhook.decider.js';
import { webhooksStream } from '../webhooks.js';

/** Calls that wait are given up at their next turn. */
export class RemoveWebhook extends Command<void> {
  constructor(
    readonly context: CommandContext,
    readonly orgId: string,
    readonly webhookId: string,
  ) {
    super();
  }
}

@CommandHandler(RemoveWebhook)
export class RemoveWebhookHandler implements ICommandHandler<RemoveWebhook> {
  constructor(private readonly aggregates: AggregateStore) {}

  async execute({ context, orgId, webhookId }: RemoveWebhook): Promise<void> {
    await this.aggregates.change(webhooksAggregate, webhooksStream(orgId), context, (before) =>
      removeWebhook(before, webhookId, context.actor.id),
    );
  }
}
