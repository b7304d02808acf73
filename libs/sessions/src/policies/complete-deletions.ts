import { Injectable } from '@nestjs/common';
import { type CommandContext, type Fact, type Policy, parseStream } from '#event-sourcing';
import type { SessionErased } from '#organizations';
import type { SessionDeleted } from '../session.events.js';
import { SessionErasure } from '../session-erasure.js';

/** What a crash left of a deletion. Once the session's stream is gone, only the organization's fact tells of it. */
@Injectable()
export class CompleteDeletions implements Policy {
  readonly name = 'complete-session-deletions';
  readonly types = ['session_deleted', 'session_erased'];

  constructor(private readonly erasure: SessionErasure) {}

  async react(fact: Fact, context: CommandContext): Promise<void> {
    const { orgId, id } = parseStream(fact.stream);
    if (fact.type === 'session_erased') {
      const { sessionId, by, reason } = fact.data as SessionErased;
      return this.erasure.complete(context, orgId, { sessionId, by, reason });
    }
    const { by, reason } = fact.data as SessionDeleted;
    await this.erasure.complete(context, orgId, { sessionId: id, by, reason });
  }
}
