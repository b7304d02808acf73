import { defineEvent, EventCatalogue, type EventOf } from '#event-sourcing';
import type { WebhookEvent } from './webhook.types.js';

export interface WebhookCreated {
  readonly webhookId: string;
  readonly url: string;
  readonly events: readonly WebhookEvent[];
  readonly description: string | null;
  /** Id of the key that asked for it. */
  readonly by: string;
}

export interface WebhookChanged {
  readonly webhookId: string;
  readonly url?: string;
  readonly events?: readonly WebhookEvent[];
  readonly description?: string | null;
  readonly isActive?: boolean;
  readonly by: string;
}

export interface WebhookSecretRotated {
  readonly webhookId: string;
  /** The secret follows from it and VERBATIM_SECRET; it stands nowhere. */
  readonly secretVersion: number;
  /** Until then calls are signed with the secret before it as well. */
  readonly overlapUntil: string;
  readonly by: string;
}

export const webhookEvents = [
  defineEvent<WebhookCreated>()({
    type: 'webhook_created',
    version: 1,
    layer: 'record',
    meaning: 'An organization wants to be called at an address when something happens to its sessions.',
    structure: { webhookId: 'id', events: 'open', by: 'id' },
  }),
  defineEvent<WebhookChanged>()({
    type: 'webhook_changed',
    version: 1,
    layer: 'record',
    meaning: 'The address, the events it listens to, its description or whether it is active changed.',
    structure: { webhookId: 'id', events: 'open', isActive: 'boolean', by: 'id' },
  }),
  defineEvent<WebhookSecretRotated>()({
    type: 'webhook_secret_rotated',
    version: 1,
    layer: 'record',
    meaning: 'Calls are signed with a new secret, for a while with the one before it as well.',
    structure: { webhookId: 'id', secretVersion: 'number', overlapUntil: 'time', by: 'id' },
  }),
  defineEvent<{ webhookId: string; by: string }>()({
    type: 'webhook_removed',
    version: 1,
    layer: 'record',
    meaning: 'The address is not called any more.',
    structure: { webhookId: 'id', by: 'id' },
  }),
] as const;

export type WebhookFact = EventOf<typeof webhookEvents>;
export const webhookCatalogue = new EventCatalogue(webhookEvents);
