import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { invite, newAssessment } from '../support/candidate.js';
import { endAll, newDataDir, Server } from '../support/server.js';
import { until } from '../support/until.js';
import { isSignedBy, WebhookReceiver } from '../support/webhook-receiver/webhook-receiver.js';

const env = { VERBATIM_WEBHOOK_ALLOW_PRIVATE: 'on' };
/** After a try that nothing is known of, the next one waits half a minute: the second server's clock runs ahead of that. */
const MINUTE = 60_000;

describe('webhooks and kill -9', () => {
  let receiver: WebhookReceiver;

  beforeAll(async () => {
    receiver = await WebhookReceiver.start();
  });
  afterAll(async () => {
    await endAll();
    await receiver.stop();
  });

  it('a_message_that_was_taken_when_the_server_died_comes_again_under_its_id_and_before_what_came_after', async () => {
    const dataDir = await newDataDir();
    const first = await Server.start({ dataDir, env });
    const made = await first.owner.post('/api/webhooks', { url: receiver.url('hold/kill') });
    const { webhook, secret } = made.body;
    const candidate = await invite(first, await newAssessment(first.owner), 'ada@example.com');
    const [taken] = await receiver.messages('hold/kill', 1);
    expect((await candidate.workspace.post(`/api/sessions/${candidate.sessionId}/start`)).status).toBe(200);
    await first.kill();
    receiver.letGo();

    const second = await Server.start({ dataDir, env, clockOffsetMs: MINUTE });
    const [, again] = await receiver.messages('hold/kill', 2);
    expect(again!.message).toEqual(taken!.message);
    expect(again!.headers['webhook-id']).toBe(taken!.headers['webhook-id']);
    expect(isSignedBy(secret, again!)).toBe(true);
    receiver.letGo();
    const messages = await receiver.messages('hold/kill', 3);
    receiver.letGo();
    expect(messages.map(({ message }) => message.type)).toEqual([
      'session.created',
      'session.created',
      'session.started',
    ]);
    const log = await until(
      async () => (await second.owner.get(`/api/webhooks/${webhook.id}/deliveries`)).body.deliveries,
      (deliveries) => deliveries.every(({ state }: { state: string }) => state === 'sent'),
    );
    expect(log.map(({ event, attempts }: Record<string, unknown>) => [event, attempts])).toEqual([
      ['session.started', 1],
      ['session.created', 2],
    ]);
    expect(await second.stop()).toBe(0);
  });

  it('a_server_that_stops_breaks_off_a_call_that_hangs_and_the_next_one_makes_it_at_once', async () => {
    const dataDir = await newDataDir();
    const first = await Server.start({ dataDir, env });
    await first.owner.post('/api/webhooks', { url: receiver.url('hang/stop'), events: ['session.created'] });
    await invite(first, await newAssessment(first.owner), 'grace@example.com');
    const [hanging] = await receiver.messages('hang/stop', 1);
    expect(await first.stop()).toBe(0);
    const second = await Server.start({ dataDir, env });
    const [, again] = await receiver.messages('hang/stop', 2);
    expect(again!.message.id).toBe(hanging!.message.id);
    await second.kill();
  });
});
