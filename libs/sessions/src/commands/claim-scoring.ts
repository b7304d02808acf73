import { Command, CommandHandler, type ICommandHandler } from '@nestjs/cqrs';
import type { CommandContext } from '#event-sourcing';
import { type Claimed, startScoring } from '../session.decider.js';
import { Sessions } from '../sessions.js';

export interface ScoringClaimWish {
  /** New with every attempt at claiming; the same again renews the lease. */
  readonly runId: string;
  readonly leaseMs: number;
}

/**
 * Takes the session for one run until the lease ends. Refused (`invalid_status_transition`, `not_found`) when there is nothing
 * to claim: whoever holds the session, or the clock, sees to it that it does not wait for ever.
 */
export class ClaimScoring extends Command<Claimed> {
  constructor(
    readonly context: CommandContext,
    readonly orgId: string,
    readonly sessionId: string,
    readonly wish: ScoringClaimWish,
  ) {
    super();
  }
}

@CommandHandler(ClaimScoring)
export class ClaimScoringHandler implements ICommandHandler<ClaimScoring> {
  constructor(private readonly sessions: Sessions) {}

  execute({ context, orgId, sessionId, wish: { runId, leaseMs } }: ClaimScoring): Promise<Claimed> {
    const { receivedAt: now } = context;
    return this.sessions.decide(context, orgId, sessionId, (state) =>
      startScoring(state, { now, runId, leaseUntil: now + leaseMs }),
    );
  }
}
