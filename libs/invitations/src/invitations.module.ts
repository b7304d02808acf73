import { Global, Module } from '@nestjs/common';
import { CqrsModule } from '@nestjs/cqrs';
import { AccessModule } from '#access';
import { AssessmentsModule } from '#assessments';
import { CandidatesModule } from '#candidates';
import { VerbatimConfig } from '#platform';
import { ScoringModule } from '#scoring';
import { SessionMail, SessionsModule } from '#sessions';
import { Attempts } from './attempts.js';
import { InviteCandidateHandler } from './commands/invite-candidate.js';
import { InviteLinks } from './invite-links.js';
import { FeedbackLetters } from './mail/feedback-letters.js';
import { InvitationMail } from './mail/invitation-mail.js';
import { KeyLetters } from './mail/key-letters.js';
import { Letters } from './mail/letters.js';
import { MailCarrier } from './mail/mail-carrier.js';
import { MailLoop } from './mail/mail-loop.js';
import { MailSender } from './mail/mail-sender.js';
import { OutboxCarrier } from './mail/outbox-carrier.js';
import { OutboxFolder } from './mail/outbox-folder.js';
import { SmtpCarrier } from './mail/smtp-carrier.js';
import { ForgetMailOfErasedSessions } from './policies/forget-mail-of-erased-sessions.js';
import { MailFeedback } from './policies/mail-feedback.js';
import { MailInvitedCandidates } from './policies/mail-invited-candidates.js';
import { MailIssuedKeys } from './policies/mail-issued-keys.js';
import { ListOutboxHandler } from './queries/list-outbox.js';

/** Global, because a deletion in the sessions' room must reach mail, and sessions do not know invitations. */
@Global()
@Module({
  providers: [OutboxFolder, InvitationMail, { provide: SessionMail, useExisting: InvitationMail }],
  exports: [OutboxFolder, InvitationMail, SessionMail],
})
class MailRecordsModule {}

@Module({
  imports: [
    CqrsModule,
    MailRecordsModule,
    AccessModule,
    AssessmentsModule,
    CandidatesModule,
    SessionsModule,
    ScoringModule,
  ],
  providers: [
    Attempts,
    FeedbackLetters,
    MailFeedback,
    InviteLinks,
    KeyLetters,
    Letters,
    MailLoop,
    MailSender,
    {
      provide: MailCarrier,
      inject: [VerbatimConfig, OutboxFolder],
      useFactory: ({ smtpUrl, mailFrom }: VerbatimConfig, folder: OutboxFolder): MailCarrier =>
        smtpUrl ? new SmtpCarrier(smtpUrl, mailFrom) : new OutboxCarrier(folder, mailFrom),
    },
    InviteCandidateHandler,
    ListOutboxHandler,
    MailInvitedCandidates,
    MailIssuedKeys,
    ForgetMailOfErasedSessions,
  ],
  exports: [
    MailRecordsModule,
    MailLoop,
    MailFeedback,
    MailInvitedCandidates,
    MailIssuedKeys,
    ForgetMailOfErasedSessions,
  ],
})
export class InvitationsModule {}
