import type { EventDefinition, Fact } from '#event-sourcing';
import type { Projection } from '#read-store';
import { accessEventList } from './access.events.js';
import { CloseAccessOfDeletedAssessments } from './policies/close-access-of-deleted-assessments.js';
import { CompleteRedemptions } from './policies/complete-redemptions.js';
import { keyListProjection } from './projections/key-list.projection.js';

export { invalidKey, isExpired, type KeyMailReport } from './access.decider.js';
export type { CandidateKeysIssued } from './access.events.js';
export { AccessModule } from './access.module.js';
export { CandidateKeys, type KeyBearer } from './candidate-keys.js';
export { CloseAccess } from './commands/close-access.js';
export { IssueKeys } from './commands/issue-keys.js';
export { RecordKeyMail } from './commands/record-key-mail.js';
export { RedeemKey } from './commands/redeem-key.js';
export { RevokeKey } from './commands/revoke-key.js';
export type { KeysWish } from './invitees.js';
export { sessionOfKey } from './key-ids.js';
export type { KeyReader, KeyView } from './key-views.js';
export { GetRedeemed, type Redeemed } from './queries/get-redeemed.js';
export { type KeyHolder, type KeyHolderPage, ListKeyHolders } from './queries/list-key-holders.js';
export { ListKeys } from './queries/list-keys.js';

/** Every event of the room, for the catalogue. */
export const accessEvents: readonly EventDefinition[] = accessEventList;
export const accessProjections: readonly Projection<Fact>[] = [keyListProjection];
export const accessPolicies = [CloseAccessOfDeletedAssessments, CompleteRedemptions] as const;
