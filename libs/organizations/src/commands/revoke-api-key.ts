import { Command, CommandHandler, type ICommandHandler } from '@nestjs/cqrs';
import { AggregateStore, type CommandContext, streamName } from '#event-sourcing';
import { Credentials } from '../credentials.js';
import { organizationAggregate } from '../organization.aggregate.js';
import { revokeApiKey } from '../organization.decider.js';

export class RevokeApiKey extends Command<void> {
  constructor(
    readonly context: CommandContext,
    readonly orgId: string,
    readonly keyId: string,
  ) {
    super();
  }
}

@CommandHandler(RevokeApiKey)
export class RevokeApiKeyHandler implements ICommandHandler<RevokeApiKey> {
  constructor(
    private readonly aggregates: AggregateStore,
    private readonly credentials: Credentials,
  ) {}

  async execute({ context, orgId, keyId }: RevokeApiKey): Promise<void> {
    const asked = { by: context.actor, at: context.receivedAt };
    try {
      await this.aggregates.change(organizationAggregate, streamName('organization', orgId), context, (state) =>
        revokeApiKey(state, keyId, asked),
      );
    } finally {
      // Also when the outcome is unknown: the revocation may be in the log.
      this.credentials.forget();
    }
  }
}
