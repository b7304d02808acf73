import { Command, CommandHandler, type ICommandHandler } from '@nestjs/cqrs';
import type { CommandContext } from '#event-sourcing';
import { recordFeedbackDelivery } from '../session.decider.js';
import { Sessions } from '../sessions.js';
import type { InviteDeliveryReport } from './record-invite-delivery.js';

/** What became of the mail with the candidate's feedback. */
export class RecordFeedbackDelivery extends Command<void> {
  constructor(
    readonly context: CommandContext,
    readonly orgId: string,
    readonly sessionId: string,
    readonly report: InviteDeliveryReport,
  ) {
    super();
  }
}

@CommandHandler(RecordFeedbackDelivery)
export class RecordFeedbackDeliveryHandler implements ICommandHandler<RecordFeedbackDelivery> {
  constructor(private readonly sessions: Sessions) {}

  async execute({ context, orgId, sessionId, report }: RecordFeedbackDelivery): Promise<void> {
    await this.sessions.decide(context, orgId, sessionId, (state) =>
      recordFeedbackDelivery(state, { ...report, now: context.receivedAt }),
    );
  }
}
