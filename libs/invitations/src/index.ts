import { ForgetMailOfErasedSessions } from './policies/forget-mail-of-erased-sessions.js';
import { MailInvitedCandidates } from './policies/mail-invited-candidates.js';

export { InviteCandidate, type Invited, type InviteWish } from './commands/invite-candidate.js';
export { InvitationsModule } from './invitations.module.js';
export { MailLoop } from './mail/mail-loop.js';
export { ListOutbox, type OutboxMessage, type OutboxPage } from './queries/list-outbox.js';

export const invitationsPolicies = [MailInvitedCandidates, ForgetMailOfErasedSessions] as const;
