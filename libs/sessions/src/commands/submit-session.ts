import { Command, CommandHandler, type ICommandHandler } from '@nestjs/cqrs';
import type { CommandContext } from '#event-sourcing';
import type { DeliverableState } from '../deliverables.js';
import { HandingOver } from '../handing-over.js';
import { submit } from '../session.decider.js';
import { Sessions } from '../sessions.js';

/** in_progress -> submitted. Whoever comes second, a retry or the loser against the clock, is answered as the first. */
export class SubmitSession extends Command<void> {
  constructor(
    readonly context: CommandContext,
    readonly orgId: string,
    readonly sessionId: string,
    readonly deliverableState: DeliverableState | null,
  ) {
    super();
  }
}

@CommandHandler(SubmitSession)
export class SubmitSessionHandler implements ICommandHandler<SubmitSession> {
  constructor(
    private readonly sessions: Sessions,
    private readonly handingOver: HandingOver,
  ) {}

  async execute({ context, orgId, sessionId, deliverableState }: SubmitSession): Promise<void> {
    await this.sessions.require(orgId, sessionId);
    await this.handingOver.decide(context, orgId, sessionId, deliverableState, (state, deliverable) =>
      submit(state, { now: context.receivedAt, deliverable }),
    );
  }
}
