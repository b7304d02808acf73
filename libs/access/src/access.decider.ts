import type { Decision } from '#event-sourcing';
import { notFound, VerbatimError } from '#platform';
import type { AccessState, CandidateKey } from './access.aggregate.js';
import type { AccessEvent, CandidateKeyRedeemed, CandidateKeysIssued } from './access.events.js';

type AccessDecision<Answer = void> = Decision<AccessEvent, Answer>;

/** One answer for keys that are unknown, revoked or expired: it tells a stranger nothing. */
export const invalidKey = (): VerbatimError => new VerbatimError('invalid_key', 'This key is not valid.');

/** A key expires at its moment, not after it. */
export const isExpired = (key: Pick<CandidateKey, 'expiresAt'>, at: number): boolean => at >= Date.parse(key.expiresAt);

/** The ids follow from the command: the same command asked again finds the keys it made. */
export const issueKeys = (state: AccessState, issued: CandidateKeysIssued): AccessDecision => {
  if (state.closed) throw notFound('assessment');
  const known = issued.keys.some(({ keyId }) => state.keys.has(keyId));
  return { events: known ? [] : [{ type: 'candidate_keys_issued', data: issued }], answer: undefined };
};

/** A revoked key is gone: revoking it again finds nothing. */
export const revokeKey = (state: AccessState, keyId: string): AccessDecision => {
  const key = state.keys.get(keyId);
  if (!key || key.revokedAt !== null) throw notFound('key');
  return { events: [revoked([keyId], 'asked')], answer: undefined };
};

/** So many ids fit in one event, and so many events in one append. */
const IDS_PER_EVENT = 1000;
const EVENTS_PER_APPEND = 10;

/** Closes first, so that nothing is issued behind it, and revokes what there is. Answers whether keys are left to revoke. */
export const closeAccess = (state: AccessState): AccessDecision<{ readonly more: boolean }> => {
  const open = [...state.keys.values()].filter(({ revokedAt }) => revokedAt === null).map(({ keyId }) => keyId);
  const now = open.slice(0, IDS_PER_EVENT * EVENTS_PER_APPEND);
  const events: AccessEvent[] = state.closed ? [] : [{ type: 'access_closed', data: {} }];
  for (let at = 0; at < now.length; at += IDS_PER_EVENT)
    events.push(revoked(now.slice(at, at + IDS_PER_EVENT), 'assessment_deleted'));
  return { events, answer: { more: now.length < open.length } };
};

/** Once; whoever redeemed before goes on, whatever the time. */
export const redeemKey = (state: AccessState, redeemed: CandidateKeyRedeemed, at: number): AccessDecision => {
  const key = usableKey(state, redeemed.keyId, at);
  return {
    events: key.redeemedAt === null ? [{ type: 'candidate_key_redeemed', data: redeemed }] : [],
    answer: undefined,
  };
};

/** Neither revoked nor, unless its session has begun, expired. @throws VerbatimError invalid_key */
export const usableKey = (state: AccessState, keyId: string, at: number): CandidateKey => {
  const key = state.keys.get(keyId);
  if (!key || state.closed || key.revokedAt !== null) throw invalidKey();
  if (key.redeemedAt === null && isExpired(key, at)) throw invalidKey();
  return key;
};

export type KeyMailReport = Extract<AccessEvent, { type: 'candidate_key_mailed' }>['data'];

/** The same report again, or one on a key that is not there, changes nothing. */
export const recordKeyMail = (state: AccessState, report: KeyMailReport): AccessDecision => {
  const known = state.keys.get(report.keyId);
  const said = known?.mail?.messageId === report.messageId && known.mail.delivered === report.delivered;
  return { events: known && !said ? [{ type: 'candidate_key_mailed', data: report }] : [], answer: undefined };
};

const revoked = (keyIds: readonly string[], reason: 'asked' | 'assessment_deleted'): AccessEvent => ({
  type: 'candidate_keys_revoked',
  data: { keyIds, reason },
});
