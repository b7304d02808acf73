import { Injectable } from '@nestjs/common';
import { Candidates } from '#candidates';
import { type Fact, type Policy, parseStream } from '#event-sourcing';
import { Feedbacks } from '#scoring';
import { Sessions } from '#sessions';
import { InvitationMail } from '../mail/invitation-mail.js';

/** A review releases the candidate's feedback, after the delay of its assessment: the mail waits in the outbox until then. */
@Injectable()
export class MailFeedback implements Policy {
  readonly name = 'mail-feedback';
  readonly types = ['review_recorded'];

  constructor(
    private readonly sessions: Sessions,
    private readonly candidates: Candidates,
    private readonly feedbacks: Feedbacks,
    private readonly mail: InvitationMail,
  ) {}

  async react(fact: Fact): Promise<void> {
    const { orgId, id } = parseStream(fact.stream);
    const session = (await this.sessions.find(orgId, id))?.state;
    // What was sent stands in the session: an operational store that starts anew sends nothing a second time.
    if (!session || session.feedbackDelivery !== null) return;
    const feedback = await this.feedbacks.of(orgId, session);
    const profile = (await this.candidates.profiles(orgId, [session.candidateId])).get(session.candidateId);
    // Somebody known by a key alone reads it in the workspace.
    if (feedback && profile?.email) await this.mail.requestFeedback(orgId, session, feedback.releasedAt);
  }
}
