import { Injectable } from '@nestjs/common';
import type { Fact, Policy } from '#event-sourcing';
import type { SessionErased } from '#organizations';
import { InvitationMail } from '../mail/invitation-mail.js';

/** The deletion forgets mail itself; this does it where the folder is another process's, or the deletion broke off. */
@Injectable()
export class ForgetMailOfErasedSessions implements Policy {
  readonly name = 'forget-mail-of-erased-sessions';
  readonly types = ['session_erased'];

  constructor(private readonly mail: InvitationMail) {}

  async react(fact: Fact): Promise<void> {
    await this.mail.forgetMailOf((fact.data as SessionErased).sessionId);
  }
}
