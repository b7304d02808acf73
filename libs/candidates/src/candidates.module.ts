import { Module } from '@nestjs/common';
import { CqrsModule } from '@nestjs/cqrs';
import { Candidates } from './candidates.js';
import { IntroduceCandidateHandler } from './commands/introduce-candidate.js';
import { RegisterCandidateHandler } from './commands/register-candidate.js';
import { RemoveCandidateHandler } from './commands/remove-candidate.js';
import { UpdateCandidateHandler } from './commands/update-candidate.js';
import { EmailClaims } from './email-claims.js';
import { ListCandidatesHandler } from './queries/list-candidates.js';

@Module({
  imports: [CqrsModule],
  providers: [
    Candidates,
    EmailClaims,
    IntroduceCandidateHandler,
    RegisterCandidateHandler,
    UpdateCandidateHandler,
    RemoveCandidateHandler,
    ListCandidatesHandler,
  ],
  exports: [Candidates],
})
export class CandidatesModule {}
