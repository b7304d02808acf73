import { Command, CommandHandler, type ICommandHandler } from '@nestjs/cqrs';
import { AggregateStore, type CommandContext, streamName } from '#event-sourcing';
import { derivedId } from '#platform';
import { assessmentAggregate, createAssessment } from '../assessment.decider.js';
import type { AssessmentWish } from '../assessment.fields.js';
import { type AssessmentView, assessmentView } from '../assessment.view.js';

export class CreateAssessment extends Command<AssessmentView> {
  constructor(
    readonly context: CommandContext,
    readonly orgId: string,
    readonly wish: AssessmentWish,
  ) {
    super();
  }
}

@CommandHandler(CreateAssessment)
export class CreateAssessmentHandler implements ICommandHandler<CreateAssessment> {
  constructor(private readonly aggregates: AggregateStore) {}

  async execute({ context, orgId, wish }: CreateAssessment): Promise<AssessmentView> {
    // A request repeated under its Idempotency-Key has the same command id: after a crash it finds what it made.
    const id = derivedId('assessment', orgId, context.commandId);
    const { state, revision } = await this.aggregates.change(
      assessmentAggregate,
      streamName('assessment', orgId, id),
      context,
      (before) => createAssessment(before, wish, context.receivedAt),
    );
    return assessmentView(orgId, id, state, revision);
  }
}
