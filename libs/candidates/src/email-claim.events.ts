import { defineEvent, EventCatalogue, type EventOf } from '#event-sourcing';

const emailClaimed = defineEvent<{ claimId: string; candidateId: string }>()({
  type: 'email_claimed',
  version: 1,
  layer: 'record',
  meaning: 'An address is held for a candidate; without a fact in the stream of the candidate it means nothing.',
  structure: { claimId: 'id', candidateId: 'id' },
});

const emailReleased = defineEvent<{ claimId: string }>()({
  type: 'email_released',
  version: 1,
  layer: 'record',
  meaning: 'The address is free again.',
  structure: { claimId: 'id' },
});

export const emailClaimEvents = [emailClaimed, emailReleased] as const;

export type EmailClaimEvent = EventOf<typeof emailClaimEvents>;

export const emailClaimCatalogue = new EventCatalogue(emailClaimEvents);
