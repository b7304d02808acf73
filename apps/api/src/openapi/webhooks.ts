import { all, id, listOf, number, object, ok, one, orNull, page, ref, text, time, word, yesOrNo } from './answers.js';
import type { Schema } from './field-schemas.js';
import type { Operation } from './operations.js';

export const webhookSchemas: Readonly<Record<string, Schema>> = {
  Webhook: object({
    id,
    url: text,
    events: listOf(text),
    description: orNull(text),
    isActive: yesOrNo,
    oldSecretUntil: orNull(time),
    createdAt: time,
    updatedAt: time,
  }),
  WebhookDelivery: object({
    id,
    messageId: id,
    event: text,
    sessionId: orNull(id),
    state: word('pending', 'sent', 'failed'),
    attempts: number,
    lastError: orNull(text),
    redeliveryOf: orNull(id),
    occurredAt: time,
    createdAt: time,
    nextAttemptAt: orNull(time),
    deliveredAt: orNull(time),
  }),
};

const webhook = one('webhook', 'Webhook');
const delivery = one('delivery', 'WebhookDelivery');
const withSecret = object({ webhook: ref('Webhook'), secret: text });

export const webhookOperations: Readonly<Record<string, Operation>> = {
  'GET /api/webhooks': { summary: 'List webhooks', answers: { 200: all('webhooks', 'Webhook') } },
  'POST /api/webhooks': {
    summary: 'Have an address called when something happens to a session',
    description:
      'Messages are signed after the Standard Webhooks specification. The secret is in this answer and never again. Addresses of private networks are refused.',
    answers: { 201: withSecret },
  },
  'GET /api/webhooks/{webhookId}': { summary: 'Get a webhook', answers: { 200: webhook } },
  'PATCH /api/webhooks/{webhookId}': {
    summary: 'Change a webhook, or switch it off and on',
    answers: { 200: webhook },
  },
  'DELETE /api/webhooks/{webhookId}': { summary: 'Delete a webhook', answers: { 200: ok } },
  'POST /api/webhooks/{webhookId}/rotate-secret': {
    summary: 'Sign with a new secret',
    description: 'For 24 hours every message carries two signatures, by the new secret and by the one before it.',
    answers: { 200: withSecret },
  },
  'POST /api/webhooks/{webhookId}/test': {
    summary: 'Send a test message',
    description: 'What became of it stands in the log of deliveries.',
    answers: { 202: delivery },
  },
  'GET /api/webhooks/{webhookId}/deliveries': {
    summary: 'List what was or will be sent, newest first',
    answers: { 200: page('deliveries', 'WebhookDelivery') },
  },
  'POST /api/webhooks/{webhookId}/deliveries/{deliveryId}/redeliver': {
    summary: 'Send a message once more',
    description: 'Under its own message id, before what waits of the same session.',
    answers: { 202: delivery },
  },
};
