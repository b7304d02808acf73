import { defineEvent, EventCatalogue, type EventOf } from '#event-sourcing';

const candidateRegistered = defineEvent<{ claimId: string; email: string; name: string }>()({
  type: 'candidate_registered',
  version: 1,
  layer: 'record',
  meaning: 'A person became known to the organization, under the e-mail address that the claim holds.',
  structure: { claimId: 'id' },
});

const candidateIntroduced = defineEvent<{ name: string }>()({
  type: 'candidate_introduced',
  version: 1,
  layer: 'record',
  meaning: 'Somebody without an address, known by a key alone, gave a name.',
  structure: {},
});

const candidateRenamed = defineEvent<{ name: string }>()({
  type: 'candidate_renamed',
  version: 1,
  layer: 'record',
  meaning: "The candidate's name was changed.",
  structure: {},
});

const candidateEmailChanged = defineEvent<{ claimId: string; email: string }>()({
  type: 'candidate_email_changed',
  version: 1,
  layer: 'record',
  meaning: "The candidate's e-mail address, or its spelling, was changed; the claim named holds the new one.",
  structure: { claimId: 'id' },
});

const candidateExternalIdChanged = defineEvent<{ externalId: string | null }>()({
  type: 'candidate_external_id_changed',
  version: 1,
  layer: 'record',
  meaning: "The organization's own id of the candidate was noted: webhooks echo it.",
  structure: {},
});

const candidateClaimRetired = defineEvent<{ claimId: string }>()({
  type: 'candidate_claim_retired',
  version: 1,
  layer: 'record',
  meaning: 'A claim on an e-mail address that this candidate never came to use will not be used any more.',
  structure: { claimId: 'id' },
});

const candidateRemoved = defineEvent<object>()({
  type: 'candidate_removed',
  version: 1,
  layer: 'record',
  meaning: 'The candidate is gone from lists and the address is free again; past sessions stay auditable.',
  structure: {},
});

export const candidateEvents = [
  candidateRegistered,
  candidateIntroduced,
  candidateRenamed,
  candidateEmailChanged,
  candidateExternalIdChanged,
  candidateClaimRetired,
  candidateRemoved,
] as const;

export type CandidateEvent = EventOf<typeof candidateEvents>;

export const candidateCatalogue = new EventCatalogue(candidateEvents);
