import { Command, CommandHandler, type ICommandHandler } from '@nestjs/cqrs';
import type { CommandContext } from '#event-sourcing';
import { adjust } from '../session.decider.js';
import { Sessions } from '../sessions.js';

export interface SessionChange {
  /** Milliseconds since 1970; null: back to the assessment's. */
  readonly dueDate?: number | null;
  readonly addMinutes?: number;
  /** Takes a session that the clock submitted back to work. */
  readonly reopen?: { readonly minutes: number; readonly reason: string };
}

export class ChangeSession extends Command<void> {
  constructor(
    readonly context: CommandContext,
    readonly orgId: string,
    readonly sessionId: string,
    readonly change: SessionChange,
  ) {
    super();
  }
}

@CommandHandler(ChangeSession)
export class ChangeSessionHandler implements ICommandHandler<ChangeSession> {
  constructor(private readonly sessions: Sessions) {}

  async execute({ context, orgId, sessionId, change }: ChangeSession): Promise<void> {
    await this.sessions.decide(context, orgId, sessionId, (state) =>
      adjust(state, { ...change, now: context.receivedAt, by: context.actor.id }),
    );
  }
}
