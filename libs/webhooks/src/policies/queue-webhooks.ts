import { Injectable } from '@nestjs/common';
import { type CommandContext, type Fact, type Policy, parseStream } from '#event-sourcing';
import { type MessageRefs, WebhookQueue } from '../sending/webhook-queue.js';
import { EVENT_OF_FACT } from '../webhook.types.js';
import { Webhooks } from '../webhooks.js';

/** What happens to a session is queued for every webhook that listens to it, as the webhooks are then. */
@Injectable()
export class QueueWebhooks implements Policy {
  readonly name = 'queue-webhooks';
  readonly types = Object.keys(EVENT_OF_FACT);

  constructor(
    private readonly webhooks: Webhooks,
    private readonly queue: WebhookQueue,
  ) {}

  async react(fact: Fact, context: CommandContext): Promise<void> {
    const event = EVENT_OF_FACT[fact.type];
    // Of a session that was deleted since, nothing more is said but that.
    if (!event || fact.erased) return;
    const { orgId, id } = parseStream(fact.stream);
    const { recordedAt: occurredAt } = fact.metadata;
    for (const webhook of await this.webhooks.all(orgId)) {
      // A webhook is told what happens from its creation on, not what it finds.
      if (!webhook.isActive || !webhook.events.includes(event) || webhook.createdAt > occurredAt) continue;
      const refs = { webhookId: webhook.id, event, occurredAt, ...about(fact, id) };
      await this.queue.add(orgId, refs, fact, context.receivedAt);
    }
  }
}

type Said = Readonly<Record<string, unknown>>;

/** Ids and words of the vocabulary alone. */
const about = (
  fact: Fact,
  streamId: string,
): Pick<MessageRefs, 'trigger' | 'runId' | 'decision' | 'reason' | 'final'> & { sessionId: string } => {
  const said = fact.data as Said;
  const word = (name: string, of: Said = said) => (typeof of[name] === 'string' ? { [name]: of[name] } : {});
  switch (fact.type) {
    case 'session_erased':
      return { sessionId: String(said['sessionId']), ...word('reason') };
    case 'task_submitted':
      return { sessionId: streamId, ...word('trigger', said['body'] as Said) };
    case 'score_recorded':
    case 'review_recorded':
      return { sessionId: streamId, ...word('runId') };
    case 'scoring_failed':
      return { sessionId: streamId, ...word('runId'), final: 'false' };
    case 'scoring_parked':
      return { sessionId: streamId, ...word('runId'), final: 'true' };
    case 'decision_recorded':
      return { sessionId: streamId, ...word('decision') };
    default:
      return { sessionId: streamId };
  }
};
