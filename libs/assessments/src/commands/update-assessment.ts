import { Command, CommandHandler, type ICommandHandler } from '@nestjs/cqrs';
import { AggregateStore, type CommandContext, streamName } from '#event-sourcing';
import { assessmentAggregate, updateAssessment } from '../assessment.decider.js';
import type { AssessmentWish } from '../assessment.fields.js';
import { type AssessmentView, assessmentView } from '../assessment.view.js';

export class UpdateAssessment extends Command<AssessmentView> {
  constructor(
    readonly context: CommandContext,
    readonly orgId: string,
    readonly id: string,
    readonly wish: AssessmentWish,
  ) {
    super();
  }
}

@CommandHandler(UpdateAssessment)
export class UpdateAssessmentHandler implements ICommandHandler<UpdateAssessment> {
  constructor(private readonly aggregates: AggregateStore) {}

  async execute({ context, orgId, id, wish }: UpdateAssessment): Promise<AssessmentView> {
    const { state, revision } = await this.aggregates.change(
      assessmentAggregate,
      streamName('assessment', orgId, id),
      context,
      (before) => updateAssessment(before, wish, context.receivedAt),
    );
    return assessmentView(orgId, id, state, revision);
  }
}
