import { defineEvent, type EventOf } from '#event-sourcing';
import type { Role } from '#platform';

export const SUBSCRIPTIONS = ['active', 'trial_expired', 'inactive'] as const;
export type Subscription = (typeof SUBSCRIPTIONS)[number];

export const organizationCreated = defineEvent<{ name: string }>()({
  type: 'organization_created',
  version: 1,
  layer: 'record',
  meaning: 'An organization exists from here on; its owner key is issued in the same append.',
  structure: {},
});

export const organizationRenamed = defineEvent<{ name: string }>()({
  type: 'organization_renamed',
  version: 1,
  layer: 'record',
  meaning: 'The organization has another name.',
  structure: {},
});

export const subscriptionChanged = defineEvent<{ subscription: Subscription }>()({
  type: 'subscription_changed',
  version: 1,
  layer: 'record',
  meaning: 'What the organization is entitled to: active, trial_expired or inactive.',
  structure: { subscription: 'word' },
});

export const quotaChanged = defineEvent<{ monthlyAssessmentQuota: number | null }>()({
  type: 'quota_changed',
  version: 1,
  layer: 'record',
  meaning: 'How many assessments may be created in a calendar month (UTC); null is without limit.',
  structure: { monthlyAssessmentQuota: 'number' },
});

export interface ApiKeyIssued {
  readonly keyId: string;
  readonly name: string;
  readonly role: Role;
  /** The first characters of the key, by which its owner knows it again. */
  readonly keyPrefix: string;
  /** HMAC of the key: the name of its credential stream. The key itself is stored nowhere. */
  readonly credential: string;
  readonly expiresAt: string | null;
  /** An auditor's key that sees names and e-mails. */
  readonly pii: boolean;
  /** Id of the key that issued it, or `operator`, or `system`. */
  readonly createdBy: string;
}

export const apiKeyIssued = defineEvent<ApiKeyIssued>()({
  type: 'api_key_issued',
  version: 1,
  layer: 'record',
  meaning: 'An API key is valid from here on. Its credential stream was claimed before.',
  structure: {
    keyId: 'id',
    role: 'word',
    keyPrefix: 'id',
    credential: 'hash',
    expiresAt: 'time',
    pii: 'boolean',
    createdBy: 'id',
  },
});

export const apiKeyRevoked = defineEvent<{ keyId: string }>()({
  type: 'api_key_revoked',
  version: 1,
  layer: 'record',
  meaning: 'An API key is refused from here on.',
  structure: { keyId: 'id' },
});

export interface SessionErased {
  readonly sessionId: string;
  /** Id of who asked for it. */
  readonly by: string;
  /** One word: why. */
  readonly reason: string;
}

export const sessionErased = defineEvent<SessionErased>()({
  type: 'session_erased',
  version: 1,
  layer: 'record',
  meaning: 'A session was deleted for good: what stays of it. Projections that lag delete on it too.',
  structure: { sessionId: 'id', by: 'id', reason: 'word' },
});

export interface AssessmentCounted {
  readonly assessmentId: string;
  /** The calendar month (UTC) it counts in: `2026-04`. */
  readonly month: string;
}

export const assessmentCounted = defineEvent<AssessmentCounted>()({
  type: 'assessment_counted',
  version: 1,
  layer: 'record',
  meaning:
    'An assessment has its place in the monthly quota. Written before the assessment; deleting it gives none back.',
  structure: { assessmentId: 'id', month: 'id' },
});

export const organizationEvents = [
  organizationCreated,
  organizationRenamed,
  subscriptionChanged,
  quotaChanged,
  apiKeyIssued,
  apiKeyRevoked,
  sessionErased,
  assessmentCounted,
] as const;

export type OrganizationEvent = EventOf<typeof organizationEvents>;
