import type { EventDefinition, Fact } from '#event-sourcing';
import type { Projection } from '#read-store';
import { accessEventList } from './access.events.js';
import { CloseAccessOfDeletedAssessments } from './policies/close-access-of-deleted-assessments.js';
import { keyListProjection } from './projections/key-list.projection.js';

export { AccessModule } from './access.module.js';
export { CandidateKeys, type KeyBearer } from './candidate-keys.js';
export { CloseAccess } from './commands/close-access.js';
export { IssueKeys } from './commands/issue-keys.js';
export { RevokeKey } from './commands/revoke-key.js';
export type { KeysWish } from './invitees.js';
export type { KeyReader, KeyView } from './key-views.js';
export { type KeyHolder, type KeyHolderPage, ListKeyHolders } from './queries/list-key-holders.js';
export { ListKeys } from './queries/list-keys.js';

/** Every event of the room, for the catalogue. */
export const accessEvents: readonly EventDefinition[] = accessEventList;
export const accessProjections: readonly Projection<Fact>[] = [keyListProjection];
export const accessPolicies = [CloseAccessOfDeletedAssessments] as const;
