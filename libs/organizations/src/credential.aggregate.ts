import { type Aggregate, type Decision, EventCatalogue } from '#event-sourcing';
import { type CredentialClaim, type CredentialEvent, credentialEvents } from './credential.events.js';

export interface CredentialState {
  /** The first claim, which no later one changes. */
  readonly claim: CredentialClaim | undefined;
}

/** `credential-<HMAC(secret, key)>`: how a credential finds its organization, without any look-up in a read model. */
export const credentialAggregate: Aggregate<CredentialState, CredentialEvent> = {
  category: 'credential',
  catalogue: new EventCatalogue(credentialEvents),
  initialState: { claim: undefined },
  evolve: (state, event) =>
    event.type === 'credential_claimed' && state.claim === undefined ? { claim: event.data } : state,
};

/** Claims once; whoever comes later is told whose it is. */
export const claimCredential = (
  state: CredentialState,
  claim: CredentialClaim,
): Decision<CredentialEvent, CredentialClaim> =>
  state.claim
    ? { events: [], answer: state.claim }
    : { events: [{ type: 'credential_claimed', data: claim }], answer: claim };
