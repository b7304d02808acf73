import { Command, CommandHandler, type ICommandHandler } from '@nestjs/cqrs';
import type { CommandContext } from '#event-sourcing';
import { failScoring } from '../session.decider.js';
import { Sessions } from '../sessions.js';

export interface ScoringFailure {
  readonly runId: string;
  readonly reason: string;
  /** Milliseconds since 1970, when the judge itself says; null: after the usual wait. */
  readonly retryAt: number | null;
}

/** The run failed: another attempt becomes due by itself; the last one is parked in the same append. */
export class FailScoring extends Command<void> {
  constructor(
    readonly context: CommandContext,
    readonly orgId: string,
    readonly sessionId: string,
    readonly failure: ScoringFailure,
  ) {
    super();
  }
}

@CommandHandler(FailScoring)
export class FailScoringHandler implements ICommandHandler<FailScoring> {
  constructor(private readonly sessions: Sessions) {}

  async execute({ context, orgId, sessionId, failure }: FailScoring): Promise<void> {
    await this.sessions.decide(context, orgId, sessionId, (state) =>
      failScoring(state, { ...failure, now: context.receivedAt }),
    );
  }
}
