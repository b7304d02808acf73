import { Command, CommandHandler, type ICommandHandler } from '@nestjs/cqrs';
import { AggregateStore, type CommandContext } from '#event-sourcing';
import { accessAggregate } from '../access.aggregate.js';
import { closeAccess } from '../access.decider.js';
import { accessStream } from '../key-ids.js';

/** The assessment was deleted, and its keys with it. Asked again it changes nothing. */
export class CloseAccess extends Command<void> {
  constructor(
    readonly context: CommandContext,
    readonly orgId: string,
    readonly assessmentId: string,
  ) {
    super();
  }
}

@CommandHandler(CloseAccess)
export class CloseAccessHandler implements ICommandHandler<CloseAccess> {
  constructor(private readonly aggregates: AggregateStore) {}

  async execute({ context, orgId, assessmentId }: CloseAccess): Promise<void> {
    const stream = accessStream(orgId, assessmentId);
    for (let more = true; more; )
      ({ more } = (await this.aggregates.change(accessAggregate, stream, context, closeAccess)).answer);
  }
}
