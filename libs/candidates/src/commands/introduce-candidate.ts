import { Command, CommandHandler, type ICommandHandler } from '@nestjs/cqrs';
import { AggregateStore, type CommandContext, streamName } from '#event-sourcing';
import { candidateAggregate, introduceCandidate } from '../candidate.decider.js';
import { requireName } from '../person.js';

/** Gives somebody without an address a name, once. They are in no list of candidates: lists are of addresses. */
export class IntroduceCandidate extends Command<void> {
  constructor(
    readonly context: CommandContext,
    readonly orgId: string,
    readonly candidateId: string,
    readonly name: string,
  ) {
    super();
  }
}

@CommandHandler(IntroduceCandidate)
export class IntroduceCandidateHandler implements ICommandHandler<IntroduceCandidate> {
  constructor(private readonly store: AggregateStore) {}

  async execute({ context, orgId, candidateId, name }: IntroduceCandidate): Promise<void> {
    const given = requireName(name, 'candidateName');
    await this.store.change(candidateAggregate, streamName('candidate', orgId, candidateId), context, (state) =>
      introduceCandidate(state, given),
    );
  }
}
