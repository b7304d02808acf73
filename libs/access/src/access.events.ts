import { defineEvent, type EventOf } from '#event-sourcing';

export interface IssuedKey {
  readonly keyId: string;
  /** Known by an address, or an id that follows from the key's. */
  readonly candidateId: string;
  /** HMAC of the key: the name of its credential stream, claimed before. */
  readonly credential: string;
  /** Asked for an invitation by mail. */
  readonly mailed: boolean;
  /** The key's text, sealed under its candidate's data key: it is shown in lists, and goes with the candidate. */
  readonly box: string;
}

export interface CandidateKeysIssued {
  readonly assessmentId: string;
  /** Keys may be redeemed for so many times 24 hours from this event's `recordedAt` on. */
  readonly expiresInDays: number;
  readonly keys: readonly IssuedKey[];
  /** How the company calls itself in the invitation; null: by the organization's name. */
  readonly orgName: string | null;
}

export const candidateKeysIssued = defineEvent<CandidateKeysIssued>()({
  type: 'candidate_keys_issued',
  version: 1,
  layer: 'record',
  meaning: 'The keys of one call are valid from here on, all or none. Each was claimed before and is sealed by itself.',
  // Ids, hashes and ciphertext: nothing in `keys` says anything of a person.
  structure: { assessmentId: 'id', expiresInDays: 'number', keys: 'open' },
});

export const candidateKeyMailed = defineEvent<{
  keyId: string;
  delivered: boolean;
  channel: 'smtp' | 'outbox';
  messageId: string;
  reason: string | null;
}>()({
  type: 'candidate_key_mailed',
  version: 1,
  layer: 'record',
  meaning:
    "What became of a key's invitation: taken over by the mail server or the outbox folder, or given up and why.",
  structure: { keyId: 'id', delivered: 'boolean', channel: 'word', messageId: 'id' },
});

export interface CandidateKeyRedeemed {
  readonly keyId: string;
  readonly assessmentId: string;
  readonly candidateId: string;
  readonly sessionId: string;
}

export const candidateKeyRedeemed = defineEvent<CandidateKeyRedeemed>()({
  type: 'candidate_key_redeemed',
  version: 1,
  layer: 'record',
  meaning: "Its candidate began: the session named is this key's, and its expiry does not count any more.",
  structure: { keyId: 'id', assessmentId: 'id', candidateId: 'id', sessionId: 'id' },
});

export const candidateKeysRevoked = defineEvent<{
  keyIds: readonly string[];
  reason: 'asked' | 'assessment_deleted';
}>()({
  type: 'candidate_keys_revoked',
  version: 1,
  layer: 'record',
  meaning: 'These keys open nothing from here on.',
  structure: { keyIds: 'id', reason: 'word' },
});

export const accessClosed = defineEvent<Record<string, never>>()({
  type: 'access_closed',
  version: 1,
  layer: 'record',
  meaning: 'The assessment was deleted: no key of it opens anything, and none is issued any more.',
  structure: {},
});

export const accessEventList = [
  candidateKeysIssued,
  candidateKeyMailed,
  candidateKeyRedeemed,
  candidateKeysRevoked,
  accessClosed,
] as const;

export type AccessEvent = EventOf<typeof accessEventList>;
