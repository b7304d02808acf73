import { Command, CommandHandler, type ICommandHandler } from '@nestjs/cqrs';
import { AggregateStore, type CommandContext, streamName } from '#event-sourcing';
import { assessmentAggregate, deleteAssessment } from '../assessment.decider.js';

export class DeleteAssessment extends Command<void> {
  constructor(
    readonly context: CommandContext,
    readonly orgId: string,
    readonly id: string,
  ) {
    super();
  }
}

@CommandHandler(DeleteAssessment)
export class DeleteAssessmentHandler implements ICommandHandler<DeleteAssessment> {
  constructor(private readonly aggregates: AggregateStore) {}

  async execute({ context, orgId, id }: DeleteAssessment): Promise<void> {
    const stream = streamName('assessment', orgId, id);
    await this.aggregates.change(assessmentAggregate, stream, context, deleteAssessment);
  }
}
