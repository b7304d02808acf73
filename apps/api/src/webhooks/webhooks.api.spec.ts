import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import {
  isSignedBy,
  type Received,
  WebhookReceiver,
} from '../../../../test/support/webhook-receiver/webhook-receiver.js';
import { TestApi } from '../testing/test-api.js';

const DAY = 24 * 60 * 60 * 1000;

describe('webhooks', () => {
  let api: TestApi;
  let receiver: WebhookReceiver;
  let assessmentId = '';

  beforeAll(async () => {
    receiver = await WebhookReceiver.start();
    api = await TestApi.whole({ VERBATIM_WEBHOOK_ALLOW_PRIVATE: 'on' });
    const made = await api.ask('POST', '/api/assessments', { name: 'Senior PM', taskTimeMinutes: 60 });
    assessmentId = made.body.assessment.id;
  });
  afterAll(async () => {
    await api.close();
    await receiver.stop();
  });

  const create = async (path: string, fields: object = {}) => {
    const { status, body } = await api.ask('POST', '/api/webhooks', { url: receiver.url(path), ...fields });
    expect(status).toBe(201);
    return { id: body.webhook.id as string, secret: body.secret as string, path };
  };
  const invite = async (email: string) => {
    const { body } = await api.ask('POST', `/api/assessments/${assessmentId}/invite`, { email, sendEmail: false });
    return body.session as { id: string; token: string; candidateId: string };
  };
  const asCandidate = (session: { id: string; token: string }, step: string, body?: unknown) =>
    api.ask('POST', `/api/sessions/${session.id}/${step}`, body, session.token);
  const log = async (id: string, query = '') => (await api.ask('GET', `/api/webhooks/${id}/deliveries${query}`)).body;
  const remove = (id: string) => api.ask('DELETE', `/api/webhooks/${id}`);
  const typesOf = (messages: readonly Received[]) => messages.map(({ message }) => message.type);
  /** Every look of the loop finds the clock where it was left. */
  const settled = async (id: string, state: string, count: number) => {
    for (;;) {
      const page = await log(id, `?state=${state}`);
      if (page.total >= count) return page.deliveries;
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
  };

  it('tell what happens to a session in its order, signed, with ids alone', async () => {
    const hook = await create('ok/story');
    const session = await invite('ada@example.com');
    await api.ask('PATCH', `/api/candidates/${session.candidateId}`, { name: 'Ada Lovelace', externalId: 'ats-77' });
    await asCandidate(session, 'start');
    await asCandidate(session, 'submit', { deliverableState: { text: 'done' } });
    const messages = await receiver.messages('ok/story', 3);
    expect(typesOf(messages)).toEqual(['session.created', 'session.started', 'session.submitted']);
    for (const one of messages) {
      expect(isSignedBy(hook.secret, one)).toBe(true);
      expect(isSignedBy(`whsec_${Buffer.alloc(32).toString('base64')}`, one)).toBe(false);
      expect(one.headers['webhook-id']).toBe(one.message.id);
      expect(one.headers['content-type']).toBe('application/json');
      expect(one.body).not.toMatch(/ada|lovelace|vst_/i);
    }
    expect(messages[2]!.message).toEqual({
      id: expect.any(String),
      type: 'session.submitted',
      occurredAt: new Date(api.clock.now()).toISOString(),
      data: {
        sessionId: session.id,
        assessmentId,
        candidateId: session.candidateId,
        externalId: 'ats-77',
        trigger: 'candidate',
      },
    });
    expect(new Set(messages.map(({ message }) => message.id)).size).toBe(3);
    await remove(hook.id);
  });

  it('show a secret once, when it is made', async () => {
    const hook = await create('ok/secret', { description: 'ATS', events: ['session.decided'] });
    expect(hook.secret).toMatch(/^whsec_[A-Za-z0-9+/]{43}=$/);
    const shown = await api.ask('GET', `/api/webhooks/${hook.id}`);
    expect(shown.body).toEqual({
      webhook: {
        id: hook.id,
        url: receiver.url('ok/secret'),
        events: ['session.decided'],
        description: 'ATS',
        isActive: true,
        oldSecretUntil: null,
        createdAt: expect.any(String),
        updatedAt: expect.any(String),
      },
    });
    expect(JSON.stringify((await api.ask('GET', '/api/webhooks')).body)).not.toContain('whsec');
    await remove(hook.id);
  });

  it('sign with both secrets for a day after a rotation, then with the new one alone', async () => {
    const hook = await create('ok/rotated');
    const rotated = await api.ask('POST', `/api/webhooks/${hook.id}/rotate-secret`);
    expect(rotated.status).toBe(200);
    const fresh = rotated.body.secret as string;
    expect(fresh).not.toBe(hook.secret);
    expect(rotated.body.webhook.oldSecretUntil).toBe(new Date(api.clock.now() + DAY).toISOString());
    await api.ask('POST', `/api/webhooks/${hook.id}/test`);
    const [both] = await receiver.messages('ok/rotated', 1);
    expect([isSignedBy(hook.secret, both!), isSignedBy(fresh, both!)]).toEqual([true, true]);
    api.clock.advance(DAY);
    await api.ask('POST', `/api/webhooks/${hook.id}/test`);
    const [, alone] = await receiver.messages('ok/rotated', 2);
    expect([isSignedBy(hook.secret, alone!), isSignedBy(fresh, alone!)]).toEqual([false, true]);
    await remove(hook.id);
  });

  it('send a test message whatever they listen to, and log what became of it', async () => {
    const hook = await create('ok/ping', { events: ['session.decided'] });
    const { status, body } = await api.ask('POST', `/api/webhooks/${hook.id}/test`);
    expect([status, body.delivery.event, body.delivery.state]).toEqual([202, 'webhook.ping', 'pending']);
    const [ping] = await receiver.messages('ok/ping', 1);
    expect(ping!.message).toMatchObject({ type: 'webhook.ping', id: body.delivery.id, data: { webhookId: hook.id } });
    const [delivery] = await settled(hook.id, 'sent', 1);
    expect(delivery).toMatchObject({ id: body.delivery.id, attempts: 1, lastError: null, nextAttemptAt: null });
    await remove(hook.id);
  });

  it('try for a day, list what failed, and send it again by hand under its own id', async () => {
    const hook = await create('fail/day', { events: ['session.created'] });
    const session = await invite('grace@example.com');
    const [first] = await receiver.messages('fail/day', 1);
    const waiting = (await settled(hook.id, 'pending', 1))[0];
    const pending = await api.ask('POST', `/api/webhooks/${hook.id}/deliveries/${waiting.id}/redeliver`);
    expect([pending.status, pending.body.error.code]).toEqual([409, 'delivery_pending']);
    api.clock.advance(DAY);
    const [failed] = await settled(hook.id, 'failed', 1);
    expect(failed).toMatchObject({ sessionId: session.id, attempts: 2, lastError: 'http 500', deliveredAt: null });
    await api.ask('PATCH', `/api/webhooks/${hook.id}`, { url: receiver.url('ok/day') });
    const again = await api.ask('POST', `/api/webhooks/${hook.id}/deliveries/${failed.id}/redeliver`);
    expect(again.status).toBe(202);
    expect(again.body.delivery).toMatchObject({ redeliveryOf: failed.id, messageId: failed.messageId });
    const [sent] = await receiver.messages('ok/day', 1);
    expect(sent!.message).toEqual(first!.message);
    await settled(hook.id, 'sent', 1);
    const newest = await log(hook.id, '?limit=1');
    expect(newest).toMatchObject({ total: 2, hasMore: true, deliveries: [expect.anything()] });
    const oldest = await log(hook.id, `?limit=1&after=${newest.nextCursor}`);
    expect(oldest).toMatchObject({ total: 2, hasMore: false, nextCursor: null });
    expect(oldest.deliveries[0].id).not.toBe(newest.deliveries[0].id);
    await remove(hook.id);
  });

  it('say that a session is gone, and nothing else of it any more', async () => {
    const hook = await create('fail/gone');
    const session = await invite('mary@example.com');
    await receiver.messages('fail/gone', 1);
    await api.ask('PATCH', `/api/webhooks/${hook.id}`, { url: receiver.url('ok/gone') });
    expect((await api.ask('DELETE', `/api/sessions/${session.id}`)).status).toBe(200);
    const [gone] = await receiver.messages('ok/gone', 1);
    expect(gone!.message).toMatchObject({ type: 'session.deleted', data: { sessionId: session.id } });
    await settled(hook.id, 'sent', 1);
    expect((await log(hook.id)).deliveries.map(({ event }: { event: string }) => event)).toEqual(['session.deleted']);
    await remove(hook.id);
  });

  it('send to who listens, and to nobody who was switched off, deleted, or came later', async () => {
    const listening = await create('ok/listening', { events: ['session.created'] });
    const other = await create('ok/other', { events: ['session.cancelled'] });
    const off = await create('ok/off');
    await api.ask('PATCH', `/api/webhooks/${off.id}`, { isActive: false });
    const deleted = await create('ok/deleted');
    expect((await remove(deleted.id)).status).toBe(200);
    api.clock.advance(1000);
    const session = await invite('joan@example.com');
    await receiver.messages('ok/listening', 1);
    api.clock.advance(1000);
    const later = await create('ok/later');
    expect((await api.ask('POST', `/api/sessions/${session.id}/cancel`, { reason: 'withdrawn' })).status).toBe(200);
    const [cancelled] = await receiver.messages('ok/other', 1);
    expect(cancelled!.message.data).toEqual({
      sessionId: session.id,
      assessmentId,
      candidateId: session.candidateId,
      externalId: null,
    });
    expect(typesOf(await receiver.messages('ok/later', 1))).toEqual(['session.cancelled']);
    expect(receiver.received.filter(({ path }) => ['/ok/off', '/ok/deleted'].includes(path))).toEqual([]);
    expect(typesOf(await receiver.messages('ok/listening', 1))).toEqual(['session.created']);
    for (const { id } of [listening, other, off, later]) await remove(id);
  });

  it.each([
    [{ url: 'hooks.example.com' }, 'invalid_url'],
    [{ url: 'ftp://hooks.example.com' }, 'invalid_url'],
    [{}, 'missing_parameter'],
    [{ url: 'https://hooks.example.com', events: [] }, 'invalid_parameter'],
    [{ url: 'https://hooks.example.com', events: ['session.exploded'] }, 'invalid_parameter'],
    [{ url: `https://hooks.example.com/${'x'.repeat(2048)}` }, 'invalid_parameter'],
  ])('are refused as %j', async (body, code) => {
    const answer = await api.ask('POST', '/api/webhooks', body);
    expect([answer.status, answer.body.error.code]).toEqual([400, code]);
  });

  it('that there are none of are not found, nor are deliveries of another one', async () => {
    const [one, two] = [await create('fail/one', { events: ['session.created'] }), await create('ok/two')];
    await invite('rosa@example.com');
    const [delivery] = await settled(one.id, 'pending', 1);
    for (const [method, path] of [
      ['GET', 'none'],
      ['PATCH', 'none'],
      ['DELETE', 'none'],
      ['POST', 'none/rotate-secret'],
      ['POST', 'none/test'],
      ['GET', 'none/deliveries'],
      ['POST', `${two.id}/deliveries/${delivery.id}/redeliver`],
      ['POST', `${two.id}/deliveries/none/redeliver`],
    ] as const) {
      const { status } = await api.ask(method, `/api/webhooks/${path}`, method === 'PATCH' ? {} : undefined);
      expect([method, path, status]).toEqual([method, path, 404]);
    }
    for (const { id } of [one, two]) await remove(id);
  });

  it('are refused where they lead to this machine, unless the operator allows it', async () => {
    const closed = await TestApi.whole();
    try {
      for (const url of [receiver.url('ok/refused'), 'https://127.0.0.1/', 'https://localhost/', 'https://[::1]/']) {
        const answer = await closed.ask('POST', '/api/webhooks', { url });
        expect([answer.status, answer.body.error.code, answer.body.error.param]).toEqual([400, 'invalid_url', 'url']);
      }
    } finally {
      await closed.close();
    }
  });
});
