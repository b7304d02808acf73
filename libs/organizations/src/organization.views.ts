import type { Role } from '#platform';
import type { ApiKey, OrganizationState } from './organization.aggregate.js';
import type { Subscription } from './organization.events.js';

/** An organization as callers see it. */
export interface OrganizationView {
  readonly id: string;
  readonly name: string;
  readonly subscription: Subscription;
  readonly monthlyAssessmentQuota: number | null;
  readonly createdAt: string;
}

/** An API key as callers see it: never the key itself, nor its HMAC. */
export interface ApiKeyView {
  readonly id: string;
  readonly orgId: string;
  readonly name: string;
  readonly role: Role;
  readonly keyPrefix: string;
  readonly pii: boolean;
  readonly expiresAt: string | null;
  readonly lastUsedAt: string | null;
  readonly createdBy: string;
  readonly createdAt: string;
  readonly isActive: boolean;
}

export const organizationView = (orgId: string, state: OrganizationState): OrganizationView => ({
  id: orgId,
  name: state.name,
  subscription: state.subscription,
  monthlyAssessmentQuota: state.monthlyAssessmentQuota,
  createdAt: state.createdAt,
});

export const apiKeyView = (
  orgId: string,
  key: ApiKey,
  seen: { isActive: boolean; lastUsedAt: string | null },
): ApiKeyView => ({
  id: key.keyId,
  orgId,
  name: key.name,
  role: key.role,
  keyPrefix: key.keyPrefix,
  pii: key.pii,
  expiresAt: key.expiresAt,
  lastUsedAt: seen.lastUsedAt,
  createdBy: key.createdBy,
  createdAt: key.createdAt,
  isActive: seen.isActive,
});
