import { Command, CommandHandler, type ICommandHandler } from '@nestjs/cqrs';
import { AggregateStore, type CommandContext, streamName } from '#event-sourcing';
import { candidateAggregate, removeCandidate } from '../candidate.decider.js';
import { EmailClaims } from '../email-claims.js';

/** Gone from lists, the address free for somebody new; what the person did stays on the record. */
export class RemoveCandidate extends Command<void> {
  constructor(
    readonly context: CommandContext,
    readonly orgId: string,
    readonly candidateId: string,
  ) {
    super();
  }
}

@CommandHandler(RemoveCandidate)
export class RemoveCandidateHandler implements ICommandHandler<RemoveCandidate> {
  constructor(
    private readonly store: AggregateStore,
    private readonly claims: EmailClaims,
  ) {}

  async execute({ context, orgId, candidateId }: RemoveCandidate): Promise<void> {
    const stream = streamName('candidate', orgId, candidateId);
    const { before } = await this.store.change(candidateAggregate, stream, context, removeCandidate);
    // Broken off before this, the claim is a dead one: whoever wants the address next takes it over.
    await this.claims.release(context, orgId, before.email, before.claimId);
  }
}
