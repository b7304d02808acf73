import { Command, CommandHandler, type ICommandHandler } from '@nestjs/cqrs';
import { AggregateStore, type CommandContext, streamName } from '#event-sourcing';
import { organizationAggregate } from '../organization.aggregate.js';
import { recordSessionErased } from '../organization.decider.js';
import type { SessionErased } from '../organization.events.js';

/** Step 2 of a deletion; asked again it changes nothing. */
export class RecordSessionErased extends Command<void> {
  constructor(
    readonly context: CommandContext,
    readonly orgId: string,
    readonly erased: SessionErased,
  ) {
    super();
  }
}

@CommandHandler(RecordSessionErased)
export class RecordSessionErasedHandler implements ICommandHandler<RecordSessionErased> {
  constructor(private readonly aggregates: AggregateStore) {}

  async execute({ context, orgId, erased }: RecordSessionErased): Promise<void> {
    await this.aggregates.change(organizationAggregate, streamName('organization', orgId), context, (state) =>
      recordSessionErased(state, erased),
    );
  }
}
