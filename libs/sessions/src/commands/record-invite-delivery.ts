import { Command, CommandHandler, type ICommandHandler } from '@nestjs/cqrs';
import type { CommandContext } from '#event-sourcing';
import { recordInviteDelivery } from '../session.decider.js';
import { Sessions } from '../sessions.js';

export interface InviteDeliveryReport {
  readonly delivered: boolean;
  readonly channel: 'smtp' | 'outbox';
  readonly messageId: string;
  /** Why it was not delivered, without addresses. */
  readonly reason: string | null;
}

export class RecordInviteDelivery extends Command<void> {
  constructor(
    readonly context: CommandContext,
    readonly orgId: string,
    readonly sessionId: string,
    readonly report: InviteDeliveryReport,
  ) {
    super();
  }
}

@CommandHandler(RecordInviteDelivery)
export class RecordInviteDeliveryHandler implements ICommandHandler<RecordInviteDelivery> {
  constructor(private readonly sessions: Sessions) {}

  async execute({ context, orgId, sessionId, report }: RecordInviteDelivery): Promise<void> {
    await this.sessions.decide(context, orgId, sessionId, (state) =>
      recordInviteDelivery(state, { ...report, now: context.receivedAt }),
    );
  }
}
