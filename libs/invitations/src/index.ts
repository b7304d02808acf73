import { ForgetMailOfErasedSessions } from './policies/forget-mail-of-erased-sessions.js';
import { MailFeedback } from './policies/mail-feedback.js';
import { MailInvitedCandidates } from './policies/mail-invited-candidates.js';
import { MailIssuedKeys } from './policies/mail-issued-keys.js';

export { InviteCandidate, type Invited, type InviteWish } from './commands/invite-candidate.js';
export { InvitationsModule } from './invitations.module.js';
export { MailLoop } from './mail/mail-loop.js';
export { ListOutbox, type OutboxMessage, type OutboxPage } from './queries/list-outbox.js';

export const invitationsPolicies = [
  MailInvitedCandidates,
  MailIssuedKeys,
  MailFeedback,
  ForgetMailOfErasedSessions,
] as const;
