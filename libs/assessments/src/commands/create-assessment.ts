import { Command, CommandHandler, type ICommandHandler } from '@nestjs/cqrs';
import type { CommandContext } from '#event-sourcing';
import type { AssessmentWish } from '../assessment.fields.js';
import type { AssessmentView } from '../assessment.view.js';
import { AssessmentMaking } from '../assessment-making.js';

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
  constructor(private readonly making: AssessmentMaking) {}

  execute({ context, orgId, wish }: CreateAssessment): Promise<AssessmentView> {
    return this.making.make(context, orgId, wish, { paid: false });
  }
}
