import { Command, CommandHandler, type ICommandHandler } from '@nestjs/cqrs';
import type { CommandContext } from '#event-sourcing';
import { review } from '../session.decider.js';
import type { ReviewRequest } from '../session.requests.js';
import { Sessions } from '../sessions.js';

/** A human's word on the score. That adjustments fit the rubric is seen to by whoever knows it, before. */
export class ReviewSession extends Command<void> {
  constructor(
    readonly context: CommandContext,
    readonly orgId: string,
    readonly sessionId: string,
    readonly review: Omit<ReviewRequest, 'now' | 'by'>,
  ) {
    super();
  }
}

@CommandHandler(ReviewSession)
export class ReviewSessionHandler implements ICommandHandler<ReviewSession> {
  constructor(private readonly sessions: Sessions) {}

  async execute({ context, orgId, sessionId, review: wish }: ReviewSession): Promise<void> {
    await this.sessions.decide(context, orgId, sessionId, (state) =>
      review(state, { ...wish, now: context.receivedAt, by: context.actor.id }),
    );
  }
}
