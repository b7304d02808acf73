import { credentialEvents } from './credential.events.js';
import { organizationEvents } from './organization.events.js';

export { type CreatedOrganization, CreateOrganization } from './commands/create-organization.js';
export { IssueApiKey, type IssuedApiKey } from './commands/issue-api-key.js';
export { RecordSessionErased } from './commands/record-session-erased.js';
export { RevokeApiKey } from './commands/revoke-api-key.js';
export { UpdateOrganization } from './commands/update-organization.js';
export type { CredentialClaim } from './credential.events.js';
export { CredentialClaims } from './credential-claims.js';
export { Credentials } from './credentials.js';
export { Entitlements } from './entitlements.js';
export { FirstStart, type FirstStartResult } from './first-start.js';
export type { KeyWish, OrganizationChanges } from './organization.decider.js';
export { type SessionErased, SUBSCRIPTIONS, type Subscription } from './organization.events.js';
export type { ApiKeyView, OrganizationView } from './organization.views.js';
export { OrganizationsModule } from './organizations.module.js';
export { GetOrganization } from './queries/get-organization.js';
export { ListApiKeys } from './queries/list-api-keys.js';

/** Every event of the room, for the catalogue. */
export const organizationsEvents = [...organizationEvents, ...credentialEvents] as const;
/** None: an organization and its keys are read by folding their stream, which is short. */
export const organizationsProjections = [] as const;
