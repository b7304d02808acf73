import type { Webhook } from './webhook.aggregate.js';
import type { WebhookEvent } from './webhook.types.js';

export interface WebhookView {
  readonly id: string;
  readonly url: string;
  readonly events: readonly WebhookEvent[];
  readonly description: string | null;
  readonly isActive: boolean;
  /** Until then calls are signed with the secret before the present one as well; null when they are not. */
  readonly oldSecretUntil: string | null;
  readonly createdAt: string;
  readonly updatedAt: string;
}

export const webhookView = (webhook: Webhook): WebhookView => {
  const { id, url, events, description, isActive, retiring, createdAt, updatedAt } = webhook;
  return {
    id,
    url,
    events,
    description,
    isActive,
    oldSecretUntil: retiring.at(-1)?.until ?? null,
    createdAt,
    updatedAt,
  };
};
