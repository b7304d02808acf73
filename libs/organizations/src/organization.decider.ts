import type { Actor, Decision } from '#event-sourcing';
import { isoTime, notFound, ROLES, type Role, requireText, VerbatimError } from '#platform';
import { isCounted, usedIn } from './counted-months.js';
import { type ApiKey, isErased, type OrganizationState } from './organization.aggregate.js';
import { type OrganizationEvent, type SessionErased, SUBSCRIPTIONS, type Subscription } from './organization.events.js';

type OrganizationDecision<Answer = void> = Decision<OrganizationEvent, Answer>;

/** Who asks, and when the request was received. */
export interface Asked {
  readonly by: Actor;
  readonly at: number;
}

/** A key as it was made, before anybody may use it. */
export interface MadeKey {
  readonly keyId: string;
  readonly keyPrefix: string;
  readonly credential: string;
}

export interface KeyWish {
  readonly name: string;
  readonly role?: Role;
  readonly expiresAt?: string | null;
  readonly pii?: boolean;
}

export interface OrganizationChanges {
  readonly name?: string;
  readonly subscription?: Subscription;
  readonly monthlyAssessmentQuota?: number | null;
}

const REPEATED_WITHIN_MS = 24 * 60 * 60 * 1000;

/** Usable: neither revoked nor expired. A key expires at its moment, not after it. */
export const isUsable = (key: ApiKey, at: number): boolean =>
  key.revokedAt === null && (key.expiresAt === null || at < Date.parse(key.expiresAt));

/** Answers whether it was created now; an organization that exists is left as it is. */
export const createOrganization = (
  state: OrganizationState,
  wish: { name: string; ownerKey: MadeKey },
  asked: Asked,
): OrganizationDecision<{ created: boolean }> => {
  if (state.exists) return { events: [], answer: { created: false } };
  const name = requireText(wish.name, 'name');
  return {
    events: [
      { type: 'organization_created', data: { name } },
      issued(wish.ownerKey, { name: 'Owner key', role: 'owner', expiresAt: null, pii: true }, asked.by),
    ],
    answer: { created: true },
  };
};

export const updateOrganization = (state: OrganizationState, changes: OrganizationChanges): OrganizationDecision => {
  requireExisting(state);
  const events: OrganizationEvent[] = [];
  const name = changes.name === undefined ? state.name : requireText(changes.name, 'name');
  if (name !== state.name) events.push({ type: 'organization_renamed', data: { name } });
  const { subscription = state.subscription, monthlyAssessmentQuota = state.monthlyAssessmentQuota } = changes;
  if (!SUBSCRIPTIONS.includes(subscription))
    throw invalid('subscription', `must be one of ${SUBSCRIPTIONS.join(', ')}`);
  if (subscription !== state.subscription) events.push({ type: 'subscription_changed', data: { subscription } });
  if (monthlyAssessmentQuota !== null && !(Number.isSafeInteger(monthlyAssessmentQuota) && monthlyAssessmentQuota >= 0))
    throw invalid('monthlyAssessmentQuota', 'must be a whole number from 0, or null for no limit');
  if (monthlyAssessmentQuota !== state.monthlyAssessmentQuota)
    events.push({ type: 'quota_changed', data: { monthlyAssessmentQuota } });
  return { events, answer: undefined };
};

/**
 * What a wish for a key comes to. Keys of the products these APIs come from have no role and may do what an admin may:
 * that is the default. Only an owner (or whoever runs the server) makes owner keys: an admin would lift itself otherwise.
 */
export const grantApiKey = (state: OrganizationState, wish: KeyWish, asked: Asked): Required<KeyWish> => {
  requireExisting(state);
  const role = wish.role ?? 'admin';
  if (!ROLES.includes(role)) throw invalid('role', `must be one of ${ROLES.join(', ')}`);
  requireAuthority(state, role, asked);
  const expiresAt = wish.expiresAt ? expiry(wish.expiresAt, asked.at) : null;
  return { name: requireText(wish.name, 'name'), role, expiresAt, pii: wish.pii ?? false };
};

/** Whether this very request made the key before: it was repeated, since its answer was lost. */
export const wasIssued = (state: OrganizationState, keyId: string, { at }: Asked): boolean => {
  const key = state.keys.get(keyId);
  if (key) requireRecent(key.createdAt, at);
  return key !== undefined;
};

/**
 * A secret is told again only while a repeat is one: as long as answers to Idempotency-Keys are kept.
 * @throws VerbatimError idempotency_key_reuse
 */
export const requireRecent = (createdAt: string, at: number): void => {
  if (at - Date.parse(createdAt) > REPEATED_WITHIN_MS)
    throw new VerbatimError('idempotency_key_reuse', `This Idempotency-Key was used at ${createdAt}: take a new one.`);
};

export const issueApiKey = (
  state: OrganizationState,
  made: MadeKey,
  wish: KeyWish,
  asked: Asked,
): OrganizationDecision => ({
  events: wasIssued(state, made.keyId, asked) ? [] : [issued(made, grantApiKey(state, wish, asked), asked.by)],
  answer: undefined,
});

/**
 * A revoked key is gone for its organization: revoking it again finds nothing. The last usable owner key stays, or nobody
 * could ever make another one.
 */
export const revokeApiKey = (state: OrganizationState, keyId: string, asked: Asked): OrganizationDecision => {
  requireExisting(state);
  const key = state.keys.get(keyId);
  if (!key || key.revokedAt !== null) throw notFound('API key');
  requireAuthority(state, key.role, asked);
  const owners = [...state.keys.values()].filter((other) => other.role === 'owner' && isUsable(other, asked.at));
  if (owners.length === 1 && owners[0] === key)
    throw new VerbatimError('last_owner_key', 'This is the last owner key: make another one before you revoke it.', {
      details: { keyId },
    });
  return { events: [{ type: 'api_key_revoked', data: { keyId } }], answer: undefined };
};

/** Once per session: the steps of a deletion are repeated until all are done. */
export const recordSessionErased = (state: OrganizationState, erased: SessionErased): OrganizationDecision => ({
  events: isErased(state, erased.sessionId) ? [] : [{ type: 'session_erased', data: erased }],
  answer: undefined,
});

/** V1 and V5 are for organizations that pay. */
export const requireSubscription = ({ subscription }: OrganizationState): void => {
  if (subscription === 'trial_expired')
    throw new VerbatimError('trial_expired', 'The trial of this organization has expired.');
  if (subscription === 'inactive')
    throw new VerbatimError('subscription_inactive', 'The subscription of this organization is not active.');
};

/**
 * Takes an assessment's place in the quota of the month the request was received in. An assessment that has its place
 * keeps it, whatever was decided about the organization since: its request is completed, not judged again.
 */
export const countAssessment = (
  state: OrganizationState,
  { assessmentId, paid }: { assessmentId: string; paid: boolean },
  at: number,
): OrganizationDecision => {
  if (isCounted(state.countedMonths, assessmentId)) return { events: [], answer: undefined };
  if (paid) requireSubscription(state);
  const month = isoTime(at).slice(0, 7);
  const used = usedIn(state.countedMonths, month);
  const quota = state.monthlyAssessmentQuota;
  if (quota !== null && used >= quota)
    throw new VerbatimError('quota_exceeded', `This month's quota is used up: ${used} of ${quota} assessments.`, {
      details: { used, quota },
    });
  return { events: [{ type: 'assessment_counted', data: { assessmentId, month } }], answer: undefined };
};

const issued = (
  made: MadeKey,
  granted: Required<KeyWish>,
  by: Actor,
): Extract<OrganizationEvent, { type: 'api_key_issued' }> => ({
  type: 'api_key_issued',
  data: { ...made, ...granted, createdBy: by.kind === 'key' ? by.id : by.kind },
});

const requireExisting = (state: OrganizationState): void => {
  if (!state.exists) throw notFound('organization');
};

/** The asking key is looked at again here: it may have been revoked since the door let it in. */
const requireAuthority = (state: OrganizationState, over: Role, { by, at }: Asked): void => {
  if (by.kind !== 'key') return;
  const own = state.keys.get(by.id);
  if (!own || own.revokedAt !== null) throw new VerbatimError('key_revoked', 'This API key was revoked.');
  if (!isUsable(own, at)) throw new VerbatimError('key_expired', `This API key expired at ${own.expiresAt}.`);
  if (over === 'owner' && own.role !== 'owner')
    throw new VerbatimError('insufficient_scope', 'Only an owner key may issue or revoke owner keys.', {
      details: { role: own.role, required: ['owner'] },
    });
};

const expiry = (text: string, at: number): string => {
  const moment = Date.parse(text);
  if (Number.isNaN(moment)) throw invalid('expiresAt', 'must be an ISO-8601 time');
  if (moment <= at) throw invalid('expiresAt', `must be in the future; it is ${isoTime(at)} here`);
  return isoTime(moment);
};

const invalid = (param: string, rule: string): VerbatimError =>
  new VerbatimError('invalid_parameter', `${param} ${rule}.`, { param });
