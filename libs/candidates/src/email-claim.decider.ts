import type { Aggregate, Decision } from '#event-sourcing';
import { type EmailClaimEvent, emailClaimCatalogue } from './email-claim.events.js';

export interface Claim {
  readonly claimId: string;
  readonly candidateId: string;
}

export interface EmailClaimState {
  readonly holder: Claim | null;
}

/** One address of one organization: who holds it. Whether the claim counts is said by the holder's own stream. */
export const emailClaimAggregate: Aggregate<EmailClaimState, EmailClaimEvent> = {
  category: 'email',
  catalogue: emailClaimCatalogue,
  initialState: { holder: null },
  evolve(state, event) {
    switch (event.type) {
      case 'email_claimed':
        return { holder: { claimId: event.data.claimId, candidateId: event.data.candidateId } };
      case 'email_released':
        return state.holder?.claimId === event.data.claimId ? { holder: null } : state;
      default:
        event satisfies never;
        return state;
    }
  },
};

/**
 * Takes the address when it is free, or when the claim that holds it is known to be dead (`over`).
 * The answer is who holds it afterwards.
 */
export const claimEmail = (
  state: EmailClaimState,
  wanted: Claim,
  over: string | null,
): Decision<EmailClaimEvent, Claim> =>
  state.holder && state.holder.claimId !== over
    ? { events: [], answer: state.holder }
    : { events: [{ type: 'email_claimed', data: { ...wanted } }], answer: wanted };

export const releaseEmail = (state: EmailClaimState, claimId: string): Decision<EmailClaimEvent> =>
  state.holder?.claimId === claimId
    ? { events: [{ type: 'email_released', data: { claimId } }], answer: undefined }
    : { events: [], answer: undefined };
