import { Command, CommandHandler, type ICommandHandler } from '@nestjs/cqrs';
import type { CommandContext } from '#event-sourcing';
import { derivedId } from '#platform';
import { bringScore } from '../session.decider.js';
import type { RecordScoreRequest } from '../session.requests.js';
import { Sessions } from '../sessions.js';

/** A score made elsewhere: request where none is open, claim and score in one append, as a run of its own. */
export class BringScore extends Command<void> {
  constructor(
    readonly context: CommandContext,
    readonly orgId: string,
    readonly sessionId: string,
    readonly score: Omit<RecordScoreRequest, 'now'>,
  ) {
    super();
  }
}

@CommandHandler(BringScore)
export class BringScoreHandler implements ICommandHandler<BringScore> {
  constructor(private readonly sessions: Sessions) {}

  async execute({ context, orgId, sessionId, score }: BringScore): Promise<void> {
    const requestId = derivedId('scoring', sessionId, context.commandId);
    await this.sessions.decide(context, orgId, sessionId, (state) =>
      bringScore(state, { ...score, now: context.receivedAt, requestId, by: context.actor.id }),
    );
  }
}
