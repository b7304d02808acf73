import { Command, CommandHandler, type ICommandHandler } from '@nestjs/cqrs';
import type { CommandContext } from '#event-sourcing';
import { inheritDueDate } from '../session.decider.js';
import { Sessions } from '../sessions.js';

/** The assessment's due date as a fact of the session: asked again, or with one that is older, nothing happens. */
export class InheritDueDate extends Command<void> {
  constructor(
    readonly context: CommandContext,
    readonly orgId: string,
    readonly sessionId: string,
    /** Milliseconds since 1970. */
    readonly assessmentDueDate: number | null,
    readonly assessmentRevision: number,
  ) {
    super();
  }
}

@CommandHandler(InheritDueDate)
export class InheritDueDateHandler implements ICommandHandler<InheritDueDate> {
  constructor(private readonly sessions: Sessions) {}

  async execute({ context, orgId, sessionId, assessmentDueDate, assessmentRevision }: InheritDueDate): Promise<void> {
    await this.sessions.decide(context, orgId, sessionId, (state) =>
      inheritDueDate(state, { now: context.receivedAt, by: context.actor.id, assessmentDueDate, assessmentRevision }),
    );
  }
}
