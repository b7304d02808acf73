import { Injectable } from '@nestjs/common';
import { Candidates } from '#candidates';
import type { Delivery } from '#ops-store';
import { Sessions } from '#sessions';
import type { MessageRefs } from './webhook-queue.js';

export interface Message {
  readonly id: string;
  /** JSON. */
  readonly body: string;
}

/** Renders a message when it is sent, from ids kept and from what the streams say then. No names, no addresses. */
@Injectable()
export class Messages {
  constructor(
    private readonly sessions: Sessions,
    private readonly candidates: Candidates,
  ) {}

  /** Undefined when it is about a session that is gone. */
  async write({ orgId, refs }: Delivery): Promise<Message | undefined> {
    const { messageId: id, event: type, occurredAt, ...about } = refs as unknown as MessageRefs;
    const data = await this.dataOf(orgId, type, about);
    return data && { id, body: JSON.stringify({ id, type, occurredAt, data }) };
  }

  private async dataOf(
    orgId: string,
    event: string,
    { webhookId, redeliveryOf, sessionId, final, ...more }: Omit<MessageRefs, 'messageId' | 'event' | 'occurredAt'>,
  ): Promise<object | undefined> {
    if (sessionId === undefined) return { webhookId };
    const said = { ...more, ...(final === undefined ? {} : { final: final === 'true' }) };
    if (event === 'session.deleted') return { sessionId, ...said };
    const session = (await this.sessions.find(orgId, sessionId))?.state;
    if (!session) return undefined;
    const { assessmentId, candidateId } = session;
    const profile = (await this.candidates.profiles(orgId, [candidateId])).get(candidateId);
    return { sessionId, assessmentId, candidateId, externalId: profile?.externalId ?? null, ...said };
  }
}
