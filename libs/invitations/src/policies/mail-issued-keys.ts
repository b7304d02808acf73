import { Injectable } from '@nestjs/common';
import { CandidateKeys, type CandidateKeysIssued, sessionOfKey } from '#access';
import { type CommandContext, type Fact, type Policy, parseStream } from '#event-sourcing';
import { InvitationMail } from '../mail/invitation-mail.js';

/** Keys given out with addresses are mailed. The call that issued them does not wait for it, and no mail can fail it. */
@Injectable()
export class MailIssuedKeys implements Policy {
  readonly name = 'mail-issued-keys';
  readonly types = ['candidate_keys_issued'];

  constructor(
    private readonly keys: CandidateKeys,
    private readonly mail: InvitationMail,
  ) {}

  async react(fact: Fact, context: CommandContext): Promise<void> {
    const { orgId } = parseStream(fact.stream);
    const { assessmentId, keys } = fact.data as CandidateKeysIssued;
    for (const { keyId, candidateId, mailed } of keys) {
      if (!mailed) continue;
      // What was sent stands with the key: an operational store that starts anew sends nothing a second time.
      const found = await this.keys.find(orgId, assessmentId, keyId);
      if (!found || found.key.mail !== null) continue;
      const refs = { keyId, candidateId, assessmentId, sessionId: sessionOfKey(orgId, keyId) };
      await this.mail.requestForKey(orgId, refs, context.receivedAt);
    }
  }
}
