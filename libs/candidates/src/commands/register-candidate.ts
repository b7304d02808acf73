import { Command, CommandHandler, type ICommandHandler } from '@nestjs/cqrs';
import { AggregateStore, type CommandContext, streamName } from '#event-sourcing';
import { Ids } from '#platform';
import { candidateAggregate, registerCandidate } from '../candidate.decider.js';
import { EmailClaims } from '../email-claims.js';
import { nameFromEmail, requireEmail, requireName } from '../person.js';

export interface RegisteredCandidate {
  readonly candidateId: string;
  readonly created: boolean;
  readonly email: string;
  readonly name: string;
}

/** Makes a candidate of an address, or finds the one that has it: whose name and spelling then stay as they are. */
export class RegisterCandidate extends Command<RegisteredCandidate> {
  constructor(
    readonly context: CommandContext,
    readonly orgId: string,
    readonly person: { readonly email: string; readonly name?: string | null },
  ) {
    super();
  }
}

@CommandHandler(RegisterCandidate)
export class RegisterCandidateHandler implements ICommandHandler<RegisterCandidate> {
  constructor(
    private readonly store: AggregateStore,
    private readonly claims: EmailClaims,
    private readonly ids: Ids,
  ) {}

  async execute({ context, orgId, person }: RegisterCandidate): Promise<RegisteredCandidate> {
    const email = requireEmail(person.email);
    const name = requireName(person.name ?? nameFromEmail(email));
    for (let dead: string | null = null; ; ) {
      const wanted = { claimId: this.ids.next(), candidateId: this.ids.next() };
      const { claimId, candidateId } = await this.claims.take(context, orgId, email, wanted, dead);
      const { answer, state } = await this.store.change(
        candidateAggregate,
        streamName('candidate', orgId, candidateId),
        context,
        (candidate) => registerCandidate(candidate, claimId, { email, name }),
      );
      if (answer !== 'claim_dead')
        return { candidateId, created: answer === 'created', email: state.email, name: state.name };
      dead = claimId;
    }
  }
}
