import { Command, CommandHandler, type ICommandHandler } from '@nestjs/cqrs';
import { AggregateStore, type CommandContext, streamName } from '#event-sourcing';
import { derivedId } from '#platform';
import { createRubric, type RubricWish, rubricAggregate } from './rubric.decider.js';
import type { RubricView } from './rubrics.js';

export class CreateRubric extends Command<RubricView> {
  constructor(
    readonly context: CommandContext,
    readonly orgId: string,
    readonly wish: RubricWish,
  ) {
    super();
  }
}

@CommandHandler(CreateRubric)
export class CreateRubricHandler implements ICommandHandler<CreateRubric> {
  constructor(private readonly aggregates: AggregateStore) {}

  async execute({ context, orgId, wish }: CreateRubric): Promise<RubricView> {
    const id = derivedId('rubric', orgId, context.commandId);
    const { state } = await this.aggregates.change(
      rubricAggregate,
      streamName('rubric', orgId, id),
      context,
      (before) => createRubric(before, wish),
    );
    return { id, ...state.fields! };
  }
}
