import { Command, CommandHandler, type ICommandHandler } from '@nestjs/cqrs';
import type { CommandContext } from '#event-sourcing';
import { remove } from '../session.decider.js';
import { SessionErasure } from '../session-erasure.js';
import { Sessions } from '../sessions.js';

/** For good. What a crash leaves undone after the first step is completed by a policy. */
export class DeleteSession extends Command<void> {
  constructor(
    readonly context: CommandContext,
    readonly orgId: string,
    readonly sessionId: string,
  ) {
    super();
  }
}

@CommandHandler(DeleteSession)
export class DeleteSessionHandler implements ICommandHandler<DeleteSession> {
  constructor(
    private readonly sessions: Sessions,
    private readonly erasure: SessionErasure,
  ) {}

  async execute({ context, orgId, sessionId }: DeleteSession): Promise<void> {
    const by = context.actor.id;
    await this.sessions.decide(context, orgId, sessionId, (state) =>
      remove(state, { now: context.receivedAt, by, reason: 'requested' }),
    );
    await this.erasure.complete(context, orgId, { sessionId, by, reason: 'requested' });
  }
}
