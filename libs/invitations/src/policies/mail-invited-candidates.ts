import { Injectable } from '@nestjs/common';
import { type CommandContext, type Fact, type Policy, parseStream } from '#event-sourcing';
import { Sessions } from '#sessions';
import { InvitationMail } from '../mail/invitation-mail.js';

/**
 * An invitation that asks for mail gets it. The command asks too, so that the mail is listed at once: this completes what a
 * crash between the two left behind.
 */
@Injectable()
export class MailInvitedCandidates implements Policy {
  readonly name = 'mail-invited-candidates';
  readonly types = ['session_invited'];

  constructor(
    private readonly sessions: Sessions,
    private readonly mail: InvitationMail,
  ) {}

  async react(fact: Fact, context: CommandContext): Promise<void> {
    const { orgId, id } = parseStream(fact.stream);
    const session = (await this.sessions.find(orgId, id))?.state;
    // What was sent stands in the session: an operational store that starts anew sends nothing a second time.
    if (!session?.sendEmail || session.inviteDelivery !== null) return;
    await this.mail.request(orgId, session, context.receivedAt);
  }
}
