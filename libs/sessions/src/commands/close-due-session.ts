import { Command, CommandHandler, type ICommandHandler } from '@nestjs/cqrs';
import type { CommandContext } from '#event-sourcing';
import { closeDue } from '../session.decider.js';
import { Sessions } from '../sessions.js';

/** Writes down every deadline that had passed when the command was received. Nothing is due: nothing happens. */
export class CloseDueSession extends Command<void> {
  constructor(
    readonly context: CommandContext,
    readonly orgId: string,
    readonly sessionId: string,
  ) {
    super();
  }
}

@CommandHandler(CloseDueSession)
export class CloseDueSessionHandler implements ICommandHandler<CloseDueSession> {
  constructor(private readonly sessions: Sessions) {}

  async execute({ context, orgId, sessionId }: CloseDueSession): Promise<void> {
    await this.sessions.decide(context, orgId, sessionId, (state) => closeDue(state, { now: context.receivedAt }));
  }
}
