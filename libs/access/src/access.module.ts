import { Module } from '@nestjs/common';
import { CqrsModule } from '@nestjs/cqrs';
import { AssessmentsModule } from '#assessments';
import { CandidatesModule } from '#candidates';
import { OrganizationsModule } from '#organizations';
import { SessionsModule } from '#sessions';
import { CandidateKeys } from './candidate-keys.js';
import { CloseAccessHandler } from './commands/close-access.js';
import { IssueKeysHandler } from './commands/issue-keys.js';
import { RecordKeyMailHandler } from './commands/record-key-mail.js';
import { RedeemKeyHandler } from './commands/redeem-key.js';
import { RevokeKeyHandler } from './commands/revoke-key.js';
import { KeySessions } from './key-sessions.js';
import { KeyVault } from './key-vault.js';
import { KeyViews } from './key-views.js';
import { CloseAccessOfDeletedAssessments } from './policies/close-access-of-deleted-assessments.js';
import { CompleteRedemptions } from './policies/complete-redemptions.js';
import { GetRedeemedHandler } from './queries/get-redeemed.js';
import { ListKeyHoldersHandler } from './queries/list-key-holders.js';
import { ListKeysHandler } from './queries/list-keys.js';

@Module({
  imports: [CqrsModule, OrganizationsModule, AssessmentsModule, CandidatesModule, SessionsModule],
  providers: [
    CandidateKeys,
    KeySessions,
    KeyVault,
    KeyViews,
    IssueKeysHandler,
    RecordKeyMailHandler,
    RedeemKeyHandler,
    RevokeKeyHandler,
    GetRedeemedHandler,
    CloseAccessHandler,
    ListKeysHandler,
    ListKeyHoldersHandler,
    CloseAccessOfDeletedAssessments,
    CompleteRedemptions,
  ],
  exports: [CandidateKeys, CloseAccessOfDeletedAssessments, CompleteRedemptions],
})
export class AccessModule {}
