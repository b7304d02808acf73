import { Command, CommandHandler, type ICommandHandler } from '@nestjs/cqrs';
import type { CommandContext } from '#event-sourcing';
import { derivedId } from '#platform';
import { requestScoring } from '../session.decider.js';
import { Sessions } from '../sessions.js';

/** Asks for a score, a first one or another; what is asked for or under way already is joined. */
export class RequestScoring extends Command<{ readonly requestId: string }> {
  constructor(
    readonly context: CommandContext,
    readonly orgId: string,
    readonly sessionId: string,
    /** null: whichever the scorer uses. */
    readonly model: string | null,
  ) {
    super();
  }
}

@CommandHandler(RequestScoring)
export class RequestScoringHandler implements ICommandHandler<RequestScoring> {
  constructor(private readonly sessions: Sessions) {}

  execute({ context, orgId, sessionId, model }: RequestScoring): Promise<{ readonly requestId: string }> {
    const requestId = derivedId('scoring', sessionId, context.commandId);
    return this.sessions.decide(context, orgId, sessionId, (state) =>
      requestScoring(state, {
        now: context.receivedAt,
        requestId,
        trigger: 'caller',
        model,
        by: context.actor.id,
      }),
    );
  }
}
