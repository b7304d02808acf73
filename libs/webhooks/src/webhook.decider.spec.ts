import { describe, expect, it } from '@jest/globals';
import { given } from '#event-sourcing/testing/given.js';
import { webhooksAggregate } from './webhook.aggregate.js';
import {
  changeWebhook,
  createWebhook,
  MAX_WEBHOOKS,
  OVERLAP_MS,
  removeWebhook,
  rotateSecret,
  signingVersions,
} from './webhook.decider.js';
import type { WebhookFact } from './webhook.events.js';
import { WEBHOOK_EVENTS } from './webhook.types.js';

const URL = 'https://hooks.example.com/verbatim';
// The given helper writes one event a second from here on.
const NOW = Date.parse('2026-01-01T00:00:10.000Z');
const later = (milliseconds: number): string => new Date(NOW + milliseconds).toISOString();

const created = (webhookId = 'w-1', changes: object = {}): WebhookFact => ({
  type: 'webhook_created',
  data: { webhookId, url: URL, events: ['session.submitted'], description: null, by: 'key-1', ...changes },
});
const rotated = (secretVersion: number, overlapUntil: string): WebhookFact => ({
  type: 'webhook_secret_rotated',
  data: { webhookId: 'w-1', secretVersion, overlapUntil, by: 'key-1' },
});
const removed: WebhookFact = { type: 'webhook_removed', data: { webhookId: 'w-1', by: 'key-1' } };
const state = (...history: WebhookFact[]) => given(webhooksAggregate, ...history);
const create = (events: WebhookFact[], wish: object = {}) =>
  createWebhook(state(...events), 'w-1', { url: URL, ...wish }, 'key-1').events;
const change = (events: WebhookFact[], wish: object) => changeWebhook(state(...events), 'w-1', wish, 'key-2').events;
const rotate = (events: WebhookFact[], version: number) =>
  rotateSecret(state(...events), 'w-1', { version, now: NOW, by: 'key-1' }).events;

describe('creating a webhook', () => {
  it.each([
    ['listens to everything unless told', {}, { events: WEBHOOK_EVENTS }],
    [
      'keeps each event once, in the order of the list',
      { events: ['session.decided', 'session.created', 'session.decided'] },
      { events: ['session.created', 'session.decided'] },
    ],
    ['keeps its description', { description: 'ATS' }, { description: 'ATS', events: WEBHOOK_EVENTS }],
  ])('%s', (_, wish, expected) => {
    const data = { webhookId: 'w-1', url: URL, description: null, by: 'key-1', ...expected };
    expect(create([], wish)).toEqual([{ type: 'webhook_created', data }]);
  });

  it('finds what the same command made before', () => {
    expect(create([created()])).toEqual([]);
  });

  it('is refused beyond twenty, and free again when one is removed', () => {
    const full = Array.from({ length: MAX_WEBHOOKS - 1 }, (_, index) => created(`other-${index}`));
    expect(create(full)).toHaveLength(1);
    expect(() => create([...full, created('one-more')])).toThrow(expect.objectContaining({ code: 'webhook_limit' }));
    expect(create([...full, created(), removed])).toHaveLength(1);
  });
});

describe('changing a webhook', () => {
  it.each([
    [
      'names what is new alone',
      { url: 'https://other.example.com/', isActive: true },
      { url: 'https://other.example.com/' },
    ],
    ['switches it off', { isActive: false }, { isActive: false }],
    [
      'adds events',
      { events: ['session.created', 'session.submitted'] },
      { events: ['session.created', 'session.submitted'] },
    ],
  ])('%s', (_, wish, expected) => {
    expect(change([created()], wish)).toEqual([
      { type: 'webhook_changed', data: { webhookId: 'w-1', ...expected, by: 'key-2' } },
    ]);
  });

  it.each([[{}], [{ url: URL }], [{ events: ['session.submitted'], description: null, isActive: true }]])(
    'appends nothing for %j, which it is already',
    (wish) => {
      expect(change([created()], wish)).toEqual([]);
    },
  );

  it.each([
    ['of which there is none', []],
    ['that was removed', [created(), removed]],
  ])('is not found %s', (_, history) => {
    const missing = expect.objectContaining({ code: 'not_found' });
    expect(() => change(history, { isActive: false })).toThrow(missing);
    expect(() => rotate(history, 1)).toThrow(missing);
    expect(() => removeWebhook(state(...history), 'w-1', 'key-1')).toThrow(missing);
  });
});

describe('rotating a secret', () => {
  it('lets the one before it sign for another day', () => {
    expect(rotate([created()], 1)).toEqual([rotated(2, later(OVERLAP_MS))]);
  });

  it('happens once for all who saw the same version', () => {
    expect(rotate([created(), rotated(2, later(OVERLAP_MS))], 1)).toEqual([]);
    expect(rotate([created(), rotated(2, later(OVERLAP_MS))], 2)).toEqual([rotated(3, later(OVERLAP_MS))]);
  });

  it.each([
    ['one before any rotation', [created()], 0, [1]],
    ['two within the day', [created(), rotated(2, later(1000))], 999, [2, 1]],
    ['one from the day’s end on', [created(), rotated(2, later(1000))], 1000, [2]],
    ['every one whose day is not over', [created(), rotated(2, later(1000)), rotated(3, later(3000))], 500, [3, 2, 1]],
    ['each to its own end', [created(), rotated(2, later(1000)), rotated(3, later(3000))], 2000, [3, 2]],
  ] as const)('signs with %s', (_, history, after, versions) => {
    const webhook = state(...history).webhooks.get('w-1')!;
    expect(signingVersions(webhook, NOW + after)).toEqual(versions);
  });
});

it('knows each webhook as its events left it', () => {
  const { webhooks } = state(
    created(),
    created('w-2'),
    { type: 'webhook_changed', data: { webhookId: 'w-2', isActive: false, by: 'key-1' } },
    removed,
  );
  expect([...webhooks.values()]).toEqual([
    {
      id: 'w-2',
      url: URL,
      events: ['session.submitted'],
      description: null,
      isActive: false,
      createdAt: '2026-01-01T00:00:01.000Z',
      updatedAt: '2026-01-01T00:00:02.000Z',
      secretVersion: 1,
      retiring: [],
    },
  ]);
});
