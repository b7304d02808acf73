import { Module } from '@nestjs/common';
import { CqrsModule } from '@nestjs/cqrs';
import { CreateOrganizationHandler } from './commands/create-organization.js';
import { IssueApiKeyHandler } from './commands/issue-api-key.js';
import { RecordSessionErasedHandler } from './commands/record-session-erased.js';
import { RevokeApiKeyHandler } from './commands/revoke-api-key.js';
import { UpdateOrganizationHandler } from './commands/update-organization.js';
import { CredentialClaims } from './credential-claims.js';
import { Credentials } from './credentials.js';
import { Entitlements } from './entitlements.js';
import { FirstStart } from './first-start.js';
import { Founding } from './founding.js';
import { KeySecrets } from './key-secrets.js';
import { GetOrganizationHandler } from './queries/get-organization.js';
import { ListApiKeysHandler } from './queries/list-api-keys.js';

@Module({
  imports: [CqrsModule],
  providers: [
    KeySecrets,
    CredentialClaims,
    Credentials,
    Entitlements,
    Founding,
    FirstStart,
    CreateOrganizationHandler,
    UpdateOrganizationHandler,
    IssueApiKeyHandler,
    RevokeApiKeyHandler,
    RecordSessionErasedHandler,
    GetOrganizationHandler,
    ListApiKeysHandler,
  ],
  exports: [CredentialClaims, Credentials, Entitlements, FirstStart],
})
export class OrganizationsModule {}
