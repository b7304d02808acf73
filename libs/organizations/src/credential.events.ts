import { defineEvent, type EventOf } from '#event-sourcing';

export interface CredentialClaim {
  readonly kind: 'api_key' | 'candidate_key';
  readonly orgId: string;
  readonly keyId: string;
  /** Of a candidate's key: where the fact that issues it is found. */
  readonly assessmentId?: string;
}

export const credentialClaimed = defineEvent<CredentialClaim>()({
  type: 'credential_claimed',
  version: 1,
  layer: 'record',
  meaning:
    'Whose credential this is. Without the fact that issues the key (in the organization, or in the access of its assessment) it means nothing.',
  structure: { kind: 'word', orgId: 'id', keyId: 'id', assessmentId: 'id' },
});

export const credentialEvents = [credentialClaimed] as const;

export type CredentialEvent = EventOf<typeof credentialEvents>;
