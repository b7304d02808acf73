import { Injectable } from '@nestjs/common';
import { AggregateStore, streamName } from '#event-sourcing';
import { type CandidateState, candidateAggregate } from './candidate.decider.js';
import { EmailClaims } from './email-claims.js';

export interface Profile {
  readonly name: string;
  /** Null of somebody known by a key alone. */
  readonly email: string | null;
  readonly externalId: string | null;
}

export interface Candidate extends Profile {
  readonly id: string;
  readonly email: string;
  readonly orgId: string;
  readonly createdAt: string;
}

export const candidateOf = (
  orgId: string,
  id: string,
  { email, name, externalId, createdAt }: CandidateState,
): Candidate => ({
  id,
  orgId,
  email,
  name,
  externalId,
  createdAt,
});

/** Names and addresses, read from the candidates' own streams: no read model holds them. */
@Injectable()
export class Candidates {
  constructor(
    private readonly store: AggregateStore,
    private readonly claims: EmailClaims,
  ) {}

  /** Removed candidates are in it too, since their sessions stay auditable; unknown ids are absent. */
  async profiles(orgId: string, ids: Iterable<string>): Promise<Map<string, Profile>> {
    const states = await this.load(orgId, [...new Set(ids)]);
    return new Map(
      states
        .filter(({ state }) => state.status !== 'unknown')
        .map(({ id, state: { name, email, externalId } }) => [
          id,
          { name, email: email === '' ? null : email, externalId },
        ]),
    );
  }

  /** Undefined when there is none, or was removed. */
  async find(orgId: string, id: string): Promise<Candidate | undefined> {
    return (await this.findAll(orgId, [id]))[0];
  }

  /** In the order asked; those that are unknown or removed are left out. */
  async findAll(orgId: string, ids: readonly string[]): Promise<Candidate[]> {
    const states = await this.load(orgId, ids);
    return states
      .filter(({ state }) => state.status === 'registered')
      .map(({ id, state }) => candidateOf(orgId, id, state));
  }

  async findByEmail(orgId: string, email: string): Promise<Candidate | undefined> {
    const claim = await this.claims.holder(orgId, email);
    if (!claim) return undefined;
    const [{ state } = { state: candidateAggregate.initialState }] = await this.load(orgId, [claim.candidateId]);
    return state.claimId === claim.claimId ? candidateOf(orgId, claim.candidateId, state) : undefined;
  }

  private load(orgId: string, ids: readonly string[]): Promise<{ id: string; state: CandidateState }[]> {
    return Promise.all(
      ids.map(async (id) => {
        const { state } = await this.store.load(candidateAggregate, streamName('candidate', orgId, id));
        return { id, state };
      }),
    );
  }
}
