import { Command, CommandHandler, type ICommandHandler } from '@nestjs/cqrs';
import type { CommandContext } from '#event-sourcing';
import { recordScore } from '../session.decider.js';
import type { RecordScoreRequest } from '../session.requests.js';
import { Sessions } from '../sessions.js';

/** The score of the run that holds the claim; any other is refused, and the same again changes nothing. */
export class RecordScore extends Command<void> {
  constructor(
    readonly context: CommandContext,
    readonly orgId: string,
    readonly sessionId: string,
    readonly score: Omit<RecordScoreRequest, 'now'>,
  ) {
    super();
  }
}

@CommandHandler(RecordScore)
export class RecordScoreHandler implements ICommandHandler<RecordScore> {
  constructor(private readonly sessions: Sessions) {}

  async execute({ context, orgId, sessionId, score }: RecordScore): Promise<void> {
    await this.sessions.decide(context, orgId, sessionId, (state) =>
      recordScore(state, { ...score, now: context.receivedAt }),
    );
  }
}
