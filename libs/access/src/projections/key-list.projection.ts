import { type Fact, parseStream } from '#event-sourcing';
import { type Documents, defineCollection, type Projection } from '#read-store';
import { expiryOf } from '../access.aggregate.js';
import type { AccessEvent } from '../access.events.js';
import { sessionOfKey } from '../key-ids.js';

/** References, stages and times; texts and names are joined when a page is read. */
export interface KeyEntry {
  readonly orgId: string;
  readonly assessmentId: string;
  readonly keyId: string;
  readonly candidateId: string;
  readonly createdAt: string;
  /** Place among the keys of its call. */
  readonly ordinal: number;
  readonly expiresAt: string;
  readonly stage: 'pending' | 'active' | 'completed' | 'hired';
  readonly redeemedAt: string | null;
  readonly completedAt: string | null;
  /** Revoked, or its session was cancelled: in no list. */
  readonly hidden: boolean;
}

/** By the id of the key's session, so that the session's facts find their row. */
export const keyList = defineCollection<KeyEntry>({
  name: 'candidate_keys',
  fields: { orgId: 'text', assessmentId: 'text', createdAt: 'time', ordinal: 'number', hidden: 'boolean' },
  indexes: [
    ['orgId', 'hidden', 'createdAt'],
    ['orgId', 'assessmentId', 'hidden', 'createdAt', 'ordinal'],
  ],
});

/** What the projection looks at of a session's facts: their payloads are the sessions' own. */
type SessionFact =
  | { readonly type: 'setup_started' | 'task_started' | 'session_reopened' | 'session_cancelled' }
  | { readonly type: 'task_submitted'; readonly data: { readonly timestampMs: number } }
  | { readonly type: 'decision_recorded'; readonly data: { readonly decision: string } };

const changeOf = (fact: SessionFact): Partial<KeyEntry> => {
  switch (fact.type) {
    case 'setup_started':
    case 'task_started':
    case 'session_reopened':
      return { stage: 'active', completedAt: null };
    case 'task_submitted':
      // The deadline itself when the clock submitted, whenever it was written.
      return { stage: 'completed', completedAt: new Date(fact.data.timestampMs).toISOString() };
    case 'decision_recorded':
      return { stage: fact.data.decision === 'hired' ? 'hired' : 'completed' };
    case 'session_cancelled':
      return { hidden: true };
  }
};

const rowsOf = (fact: Fact): readonly string[] => {
  const { orgId, id } = parseStream(fact.stream);
  const { type, data } = fact as Fact<AccessEvent> | Fact<{ type: 'session_erased'; data: { sessionId: string } }>;
  switch (type) {
    case 'candidate_keys_issued':
      return data.keys.map(({ keyId }) => sessionOfKey(orgId, keyId));
    case 'candidate_keys_revoked':
      return data.keyIds.map((keyId) => sessionOfKey(orgId, keyId));
    case 'candidate_key_redeemed':
    case 'session_erased':
      return [data.sessionId];
    default:
      return [id];
  }
};

const issued = (fact: Fact<Extract<AccessEvent, { type: 'candidate_keys_issued' }>>, documents: Documents): void => {
  const { orgId } = parseStream(fact.stream);
  const { assessmentId, expiresInDays, keys } = fact.data;
  const createdAt = fact.metadata.recordedAt;
  for (const [ordinal, { keyId, candidateId }] of keys.entries())
    documents.put(keyList, sessionOfKey(orgId, keyId), {
      orgId,
      assessmentId,
      keyId,
      candidateId,
      createdAt,
      ordinal,
      expiresAt: expiryOf(createdAt, expiresInDays),
      stage: 'pending',
      redeemedAt: null,
      completedAt: null,
      hidden: false,
    });
};

/** One row a key, for V6 and V9; it goes with its session. */
export const keyListProjection: Projection<Fact> = {
  name: 'candidate_keys',
  version: 1,
  types: [
    'candidate_keys_issued',
    'candidate_key_redeemed',
    'candidate_keys_revoked',
    'setup_started',
    'task_started',
    'task_submitted',
    'session_reopened',
    'session_cancelled',
    'decision_recorded',
    'session_deleted',
    'session_erased',
  ],
  collections: [keyList],
  // A row is fed by the access of its assessment and by its session.
  onPoison: 'stop',
  touches: (fact) => rowsOf(fact).map((id) => ({ collection: keyList, id })),
  apply(fact, documents) {
    if (fact.type === 'candidate_keys_issued') return issued(fact as never, documents);
    for (const id of rowsOf(fact)) {
      const row = documents.get(keyList, id);
      if (!row) continue;
      if (fact.type === 'session_deleted' || fact.type === 'session_erased') documents.remove(keyList, id);
      else documents.put(keyList, id, { ...row, ...ownChange(fact) });
    }
  },
};

const ownChange = (fact: Fact): Partial<KeyEntry> => {
  if (fact.type === 'candidate_key_redeemed') return { redeemedAt: fact.metadata.recordedAt };
  if (fact.type === 'candidate_keys_revoked') return { hidden: true };
  return changeOf(fact as unknown as SessionFact);
};
