import { Module } from '@nestjs/common';
import { CqrsModule } from '@nestjs/cqrs';
import { AssessmentsModule } from '#assessments';
import { CandidatesModule } from '#candidates';
import { OrganizationsModule } from '#organizations';
import { CandidateKeys } from './candidate-keys.js';
import { CloseAccessHandler } from './commands/close-access.js';
import { IssueKeysHandler } from './commands/issue-keys.js';
import { RevokeKeyHandler } from './commands/revoke-key.js';
import { KeyVault } from './key-vault.js';
import { KeyViews } from './key-views.js';
import { CloseAccessOfDeletedAssessments } from './policies/close-access-of-deleted-assessments.js';
import { ListKeyHoldersHandler } from './queries/list-key-holders.js';
import { ListKeysHandler } from './queries/list-keys.js';

@Module({
  imports: [CqrsModule, OrganizationsModule, AssessmentsModule, CandidatesModule],
  providers: [
    CandidateKeys,
    KeyVault,
    KeyViews,
    IssueKeysHandler,
    RevokeKeyHandler,
    CloseAccessHandler,
    ListKeysHandler,
    ListKeyHoldersHandler,
    CloseAccessOfDeletedAssessments,
  ],
  exports: [CandidateKeys, CloseAccessOfDeletedAssessments],
})
export class AccessModule {}
