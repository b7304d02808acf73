import { Command, CommandHandler, type ICommandHandler } from '@nestjs/cqrs';
import type { CommandContext } from '#event-sourcing';
import type { DeliverableState } from '../deliverables.js';
import { HandingOver } from '../handing-over.js';
import { checkpoint } from '../session.decider.js';
import { Sessions } from '../sessions.js';

/** Keeps what the candidate has made so far. The same again is no event. */
export class SaveCheckpoint extends Command<void> {
  constructor(
    readonly context: CommandContext,
    readonly orgId: string,
    readonly sessionId: string,
    readonly deliverableState: DeliverableState,
  ) {
    super();
  }
}

@CommandHandler(SaveCheckpoint)
export class SaveCheckpointHandler implements ICommandHandler<SaveCheckpoint> {
  constructor(
    private readonly sessions: Sessions,
    private readonly handingOver: HandingOver,
  ) {}

  async execute({ context, orgId, sessionId, deliverableState }: SaveCheckpoint): Promise<void> {
    await this.sessions.require(orgId, sessionId);
    await this.handingOver.decide(context, orgId, sessionId, deliverableState, (state, deliverable) =>
      checkpoint(state, { now: context.receivedAt, deliverable: deliverable! }),
    );
  }
}
