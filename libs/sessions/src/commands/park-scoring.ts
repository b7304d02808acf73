import { Command, CommandHandler, type ICommandHandler } from '@nestjs/cqrs';
import type { CommandContext } from '#event-sourcing';
import { parkScoring } from '../session.decider.js';
import { Sessions } from '../sessions.js';

/** What trying again cannot mend: no further attempt until somebody asks. */
export class ParkScoring extends Command<void> {
  constructor(
    readonly context: CommandContext,
    readonly orgId: string,
    readonly sessionId: string,
    readonly parking: { readonly runId: string; readonly reason: string },
  ) {
    super();
  }
}

@CommandHandler(ParkScoring)
export class ParkScoringHandler implements ICommandHandler<ParkScoring> {
  constructor(private readonly sessions: Sessions) {}

  async execute({ context, orgId, sessionId, parking }: ParkScoring): Promise<void> {
    await this.sessions.decide(context, orgId, sessionId, (state) =>
      parkScoring(state, { ...parking, now: context.receivedAt }),
    );
  }
}
