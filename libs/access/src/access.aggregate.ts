import { type Aggregate, EventCatalogue } from '#event-sourcing';
import { type AccessEvent, accessEventList, type IssuedKey } from './access.events.js';

const DAY = 24 * 3600 * 1000;

export interface CandidateKey extends IssuedKey {
  /** ISO-8601, like all times here. */
  readonly createdAt: string;
  readonly expiresAt: string;
  readonly redeemedAt: string | null;
  readonly revokedAt: string | null;
  readonly orgName: string | null;
  /** Of the mail that was reported on last. */
  readonly mail: { readonly messageId: string; readonly delivered: boolean } | null;
}

/** The keys of one assessment. */
export interface AccessState {
  readonly closed: boolean;
  /** In the order they were issued. */
  readonly keys: ReadonlyMap<string, CandidateKey>;
}

const BYTES_PER_KEY = 800;

export const accessAggregate: Aggregate<AccessState, AccessEvent> = {
  category: 'access',
  catalogue: new EventCatalogue(accessEventList),
  initialState: { closed: false, keys: new Map() },
  evolve(state, event) {
    const { recordedAt } = event.metadata;
    switch (event.type) {
      case 'candidate_keys_issued': {
        const { keys, expiresInDays, orgName = null } = event.data;
        const expiresAt = expiryOf(recordedAt, expiresInDays);
        const fresh = { createdAt: recordedAt, expiresAt, redeemedAt: null, revokedAt: null, orgName, mail: null };
        return { ...state, keys: new Map([...state.keys, ...keys.map((key) => entry({ ...key, ...fresh }))]) };
      }
      case 'candidate_key_mailed': {
        const { messageId, delivered } = event.data;
        return changed(state, [event.data.keyId], { mail: { messageId, delivered } });
      }
      case 'candidate_key_redeemed':
        return changed(state, [event.data.keyId], { redeemedAt: recordedAt });
      case 'candidate_keys_revoked':
        return changed(state, event.data.keyIds, { revokedAt: recordedAt });
      case 'access_closed':
        return { ...state, closed: true };
      default:
        event satisfies never;
        return state;
    }
  },
  sizeOf: (state) => 1024 + state.keys.size * BYTES_PER_KEY,
};

export const expiryOf = (createdAt: string, expiresInDays: number): string =>
  new Date(Date.parse(createdAt) + expiresInDays * DAY).toISOString();

const entry = (key: CandidateKey): readonly [string, CandidateKey] => [key.keyId, key];

const changed = (state: AccessState, keyIds: readonly string[], change: Partial<CandidateKey>): AccessState => {
  const keys = new Map(state.keys);
  for (const keyId of keyIds) {
    const key = keys.get(keyId);
    if (key) keys.set(keyId, { ...key, ...change });
  }
  return { ...state, keys };
};
