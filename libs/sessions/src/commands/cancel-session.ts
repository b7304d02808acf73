import { Command, CommandHandler, type ICommandHandler } from '@nestjs/cqrs';
import type { CommandContext } from '#event-sourcing';
import { cancel } from '../session.decider.js';
import { Sessions } from '../sessions.js';

/** Calls the session off before it is submitted. */
export class CancelSession extends Command<void> {
  constructor(
    readonly context: CommandContext,
    readonly orgId: string,
    readonly sessionId: string,
    readonly reason: string,
  ) {
    super();
  }
}

@CommandHandler(CancelSession)
export class CancelSessionHandler implements ICommandHandler<CancelSession> {
  constructor(private readonly sessions: Sessions) {}

  async execute({ context, orgId, sessionId, reason }: CancelSession): Promise<void> {
    await this.sessions.decide(context, orgId, sessionId, (state) =>
      cancel(state, { now: context.receivedAt, by: context.actor.id, reason }),
    );
  }
}
