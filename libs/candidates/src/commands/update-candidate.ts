import { Command, CommandHandler, type ICommandHandler } from '@nestjs/cqrs';
import { AggregateStore, type CommandContext, streamName } from '#event-sourcing';
import { Ids, VerbatimError } from '#platform';
import {
  type CandidateState,
  candidateAggregate,
  changeCandidate,
  contestClaim,
  requireRegistered,
} from '../candidate.decider.js';
import { type Candidate, candidateOf } from '../candidates.js';
import { EmailClaims } from '../email-claims.js';
import { normaliseEmail, requireEmail, requireName } from '../person.js';

export class UpdateCandidate extends Command<Candidate> {
  constructor(
    readonly context: CommandContext,
    readonly orgId: string,
    readonly candidateId: string,
    readonly change: {
      readonly name?: string | undefined;
      readonly email?: string | undefined;
      readonly externalId?: string | null | undefined;
    },
  ) {
    super();
  }
}

/** Claims the new address, changes the candidate, frees the old address: broken off anywhere, the next call settles it. */
@CommandHandler(UpdateCandidate)
export class UpdateCandidateHandler implements ICommandHandler<UpdateCandidate> {
  constructor(
    private readonly store: AggregateStore,
    private readonly claims: EmailClaims,
    private readonly ids: Ids,
  ) {}

  async execute(command: UpdateCandidate): Promise<Candidate> {
    const { context, orgId, candidateId } = command;
    const name = command.change.name === undefined ? {} : { name: requireName(command.change.name) };
    const { externalId } = command.change;
    const known = externalId === undefined ? {} : { externalId };
    const address = command.change.email === undefined ? undefined : requireEmail(command.change.email);
    const stream = streamName('candidate', orgId, candidateId);
    const { state: present } = await this.store.load(candidateAggregate, stream);
    requireRegistered(present);
    for (let dead: string | null = null; ; ) {
      const claimId: string | undefined = address && (await this.hold(command, present, address, dead));
      const email = address && claimId ? { email: { address, claimId } } : {};
      const changed = await this.store.change(candidateAggregate, stream, context, (state) =>
        changeCandidate(state, { ...name, ...known, ...email }),
      );
      if (changed.answer === 'changed') {
        const { before, state } = changed;
        if (before.claimId !== state.claimId) await this.claims.release(context, orgId, before.email, before.claimId);
        return candidateOf(orgId, candidateId, state);
      }
      dead = claimId ?? null;
    }
  }

  /** The claim that holds the address for this candidate. @throws VerbatimError email_in_use */
  private async hold(
    { context, orgId, candidateId }: UpdateCandidate,
    present: CandidateState,
    address: string,
    knownDead: string | null,
  ): Promise<string> {
    const isRespelling = normaliseEmail(address) === normaliseEmail(present.email);
    if (isRespelling && knownDead === null) return present.claimId;
    for (let dead = knownDead; ; ) {
      const claim = await this.claims.take(context, orgId, address, { claimId: this.ids.next(), candidateId }, dead);
      if (claim.candidateId === candidateId) return claim.claimId;
      const other = streamName('candidate', orgId, claim.candidateId);
      const { answer } = await this.store.change(candidateAggregate, other, context, (state) =>
        contestClaim(state, claim.claimId),
      );
      if (answer === 'held')
        throw new VerbatimError('email_in_use', 'Another candidate has this e-mail address.', { param: 'email' });
      dead = claim.claimId;
    }
  }
}
