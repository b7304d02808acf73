import type { Decision } from '#event-sourcing';
import { isoTime, notFound, VerbatimError } from '#platform';
import type { Webhook, WebhooksState } from './webhook.aggregate.js';
import type { WebhookFact } from './webhook.events.js';
import { WEBHOOK_EVENTS, type WebhookEvent } from './webhook.types.js';

/** Each event of each session is sent to each of them. */
export const MAX_WEBHOOKS = 20;
export const OVERLAP_MS = 24 * 60 * 60 * 1000;

export interface WebhookWish {
  readonly url: string;
  /** Left out: all of them. */
  readonly events?: readonly WebhookEvent[] | undefined;
  readonly description?: string | null | undefined;
}

export interface WebhookChange {
  readonly url?: string | undefined;
  readonly events?: readonly WebhookEvent[] | undefined;
  readonly description?: string | null | undefined;
  readonly isActive?: boolean | undefined;
}

/** The id follows from the command: the same command asked again finds what it made. */
export const createWebhook = (
  state: WebhooksState,
  webhookId: string,
  { url, events, description }: WebhookWish,
  by: string,
): Decision<WebhookFact> => {
  if (state.webhooks.has(webhookId)) return { events: [], answer: undefined };
  if (state.webhooks.size >= MAX_WEBHOOKS)
    throw new VerbatimError(
      'webhook_limit',
      `An organization has at most ${MAX_WEBHOOKS} webhooks: delete one first.`,
      {
        details: { limit: MAX_WEBHOOKS },
      },
    );
  const data = { webhookId, url, events: inOrder(events ?? WEBHOOK_EVENTS), description: description ?? null, by };
  return { events: [{ type: 'webhook_created', data }], answer: undefined };
};

/** What is left out stays; what is as it was is no event. */
export const changeWebhook = (
  state: WebhooksState,
  webhookId: string,
  change: WebhookChange,
  by: string,
): Decision<WebhookFact> => {
  const webhook = requireWebhook(state, webhookId);
  const wanted = { ...change, ...(change.events ? { events: inOrder(change.events) } : {}) };
  const news = (Object.keys(wanted) as (keyof WebhookChange)[]).filter(
    (field) => wanted[field] !== undefined && !same(wanted[field], webhook[field]),
  );
  if (news.length === 0) return { events: [], answer: undefined };
  const data = { webhookId, ...Object.fromEntries(news.map((field) => [field, wanted[field]])), by };
  return { events: [{ type: 'webhook_changed', data }], answer: undefined };
};

/** @param version the one the command saw, so that the same command asked again rotates once */
export const rotateSecret = (
  state: WebhooksState,
  webhookId: string,
  { version, now, by }: { readonly version: number; readonly now: number; readonly by: string },
): Decision<WebhookFact> => {
  const webhook = requireWebhook(state, webhookId);
  if (webhook.secretVersion > version) return { events: [], answer: undefined };
  const overlapUntil = isoTime(now + OVERLAP_MS);
  const data = { webhookId, secretVersion: webhook.secretVersion + 1, overlapUntil, by };
  return { events: [{ type: 'webhook_secret_rotated', data }], answer: undefined };
};

export const removeWebhook = (state: WebhooksState, webhookId: string, by: string): Decision<WebhookFact> => {
  requireWebhook(state, webhookId);
  return { events: [{ type: 'webhook_removed', data: { webhookId, by } }], answer: undefined };
};

/** The versions of secrets that sign at that moment, the newest first. */
export const signingVersions = ({ secretVersion, retiring }: Webhook, now: number): readonly number[] => [
  secretVersion,
  ...retiring
    .filter(({ until }) => now < Date.parse(until))
    .map(({ version }) => version)
    .reverse(),
];

export const requireWebhook = (state: WebhooksState, webhookId: string): Webhook => {
  const webhook = state.webhooks.get(webhookId);
  if (!webhook) throw notFound('webhook');
  return webhook;
};

const inOrder = (events: readonly WebhookEvent[]): readonly WebhookEvent[] =>
  WEBHOOK_EVENTS.filter((event) => events.includes(event));

const same = (one: unknown, other: unknown): boolean => JSON.stringify(one) === JSON.stringify(other);
