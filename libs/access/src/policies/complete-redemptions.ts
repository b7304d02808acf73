import { Injectable } from '@nestjs/common';
import type { CommandContext, Fact, Policy } from '#event-sourcing';
import { parseStream } from '#event-sourcing';
import { isVerbatimError } from '#platform';
import type { CandidateKeyRedeemed } from '../access.events.js';
import { KeySessions } from '../key-sessions.js';

/**
 * A redeemed key has its session, also when the process died between the two. Its clock is not started here: the
 * candidate, who got no answer, starts it by asking again.
 */
@Injectable()
export class CompleteRedemptions implements Policy {
  readonly name = 'complete-key-redemptions';
  readonly types = ['candidate_key_redeemed'];

  constructor(private readonly keySessions: KeySessions) {}

  async react(fact: Fact, context: CommandContext): Promise<void> {
    const { orgId } = parseStream(fact.stream);
    try {
      await this.keySessions.ensure(context, orgId, fact.data as CandidateKeyRedeemed);
    } catch (error) {
      // Too late, or session or assessment were deleted since: there is nothing left to complete.
      if (!isVerbatimError(error, 'not_found', 'invalid_key', 'due_date_in_past')) throw error;
    }
  }
}
