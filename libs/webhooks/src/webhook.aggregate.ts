import type { Aggregate } from '#event-sourcing';
import { type WebhookFact, webhookCatalogue } from './webhook.events.js';
import type { WebhookEvent } from './webhook.types.js';

export interface Webhook {
  readonly id: string;
  readonly url: string;
  readonly events: readonly WebhookEvent[];
  readonly description: string | null;
  readonly isActive: boolean;
  readonly createdAt: string;
  readonly updatedAt: string;
  readonly secretVersion: number;
  /** Secrets before it that still sign, and until when. */
  readonly retiring: readonly { readonly version: number; readonly until: string }[];
}

/** Every webhook of one organization, in one stream: who is called for an event is known without any read model. */
export interface WebhooksState {
  readonly webhooks: ReadonlyMap<string, Webhook>;
}

const changed = (state: WebhooksState, id: string, change: Partial<Webhook>): WebhooksState => {
  const webhook = state.webhooks.get(id);
  return webhook ? { webhooks: new Map(state.webhooks).set(id, { ...webhook, ...change }) } : state;
};

export const webhooksAggregate: Aggregate<WebhooksState, WebhookFact> = {
  category: 'webhooks',
  catalogue: webhookCatalogue,
  initialState: { webhooks: new Map() },
  evolve(state, event) {
    const at = event.metadata.recordedAt;
    switch (event.type) {
      case 'webhook_created': {
        const { webhookId: id, url = '', events, description = null } = event.data;
        const made = { id, url, events, description, isActive: true, createdAt: at, updatedAt: at };
        return { webhooks: new Map(state.webhooks).set(id, { ...made, secretVersion: 1, retiring: [] }) };
      }
      case 'webhook_changed': {
        const { webhookId, by, ...change } = event.data;
        return changed(state, webhookId, { ...change, updatedAt: at });
      }
      case 'webhook_secret_rotated': {
        const { webhookId, secretVersion, overlapUntil } = event.data;
        const webhook = state.webhooks.get(webhookId);
        if (!webhook) return state;
        const stillValid = webhook.retiring.filter(({ until }) => until > at);
        const retiring = [...stillValid, { version: webhook.secretVersion, until: overlapUntil }];
        return changed(state, webhookId, { secretVersion, retiring, updatedAt: at });
      }
      case 'webhook_removed': {
        const webhooks = new Map(state.webhooks);
        webhooks.delete(event.data.webhookId);
        return { webhooks };
      }
      default:
        event satisfies never;
        return state;
    }
  },
  sizeOf: ({ webhooks }) => 256 + 1024 * webhooks.size,
};
