import { once } from 'node:events';
import { createServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { generate } from 'selfsigned';
import { VerbatimConfig } from '#platform';
import { WebhookReceiver } from '../../../../test/support/webhook-receiver/webhook-receiver.js';
import { Addresses } from './addresses.js';
import { WebhookCarrier } from './webhook-carrier.js';

const carrierWith = (env: Record<string, string>) => new WebhookCarrier(new Addresses(new VerbatimConfig(env)));
const carrier = carrierWith({ VERBATIM_WEBHOOK_ALLOW_PRIVATE: 'on' });
const strict = carrierWith({});

describe('calling a webhook', () => {
  let receiver: WebhookReceiver;
  const call = (url: string) => ({ url, headers: { 'webhook-id': 'm-1' }, body: '{"text":"ä"}' });

  beforeAll(async () => {
    receiver = await WebhookReceiver.start();
  });
  afterAll(() => receiver.stop());

  it('is done when it was answered with 2xx, whatever else the answer holds', async () => {
    await carrier.carry(call(receiver.url('ok/plain')));
    await carrier.carry(call(receiver.url('endless')));
    const [got] = await receiver.messages('ok/plain', 1);
    expect(got).toMatchObject({ body: '{"text":"ä"}', headers: { 'webhook-id': 'm-1', 'content-length': '13' } });
  });

  it('fails on any other status', async () => {
    await expect(carrier.carry(call(receiver.url('fail')))).rejects.toMatchObject({ reason: 'http 500' });
  });

  it('does not follow a redirect', async () => {
    await expect(carrier.carry(call(receiver.url('redirect')))).rejects.toMatchObject({ reason: 'redirect 302' });
    await carrier.carry(call(receiver.url('ok/after')));
    await receiver.messages('ok/after', 1);
    expect(receiver.received.map(({ path }) => path)).not.toContain('/elsewhere');
  });

  it('gives up on who hangs, and waits for who is late but in time', async () => {
    const hanging = carrier.carry(call(receiver.url('hang')), undefined, 200);
    await expect(hanging).rejects.toMatchObject({ reason: 'no answer in time' });
    await carrier.carry(call(receiver.url('late?ms=100')));
  });

  it('is broken off by a stop', async () => {
    const stopping = new AbortController();
    const hanging = carrier.carry(call(receiver.url('hang/stop')), stopping.signal);
    await receiver.messages('hang/stop', 1);
    stopping.abort();
    await expect(hanging).rejects.toMatchObject({ reason: 'connection broke' });
  });

  it('goes over TLS to whom the system trusts, and to nobody else', async () => {
    const { private: key, cert } = await generate([{ name: 'commonName', value: 'localhost' }]);
    const server = createServer({ key, cert }, (_, response) => response.end()).listen(0, '127.0.0.1');
    await once(server, 'listening');
    const url = `https://127.0.0.1:${(server.address() as AddressInfo).port}/`;
    await expect(carrier.carry(call(url))).rejects.toMatchObject({ reason: 'certificate not trusted' });
    server.close();
  });

  it('says that nobody listens', async () => {
    const gone = await WebhookReceiver.start();
    await gone.stop();
    await expect(carrier.carry(call(gone.url('ok')))).rejects.toMatchObject({ reason: 'connection refused' });
  });

  it.each(['127.0.0.1', 'localhost'])('never connects to a private address that %s leads to', async (host) => {
    const before = receiver.received.length;
    await expect(strict.carry(call(receiver.url('ok/private', host)))).rejects.toMatchObject({
      reason: 'refused address',
    });
    await carrier.carry(call(receiver.url('ok/probe')));
    await receiver.messages('ok/probe', 1);
    expect(receiver.received.slice(before).map(({ path }) => path)).not.toContain('/ok/private');
  });

  it('connects to what the look-up found, and looks no second time', async () => {
    const answers = [[{ address: '127.0.0.1', family: 4 }]];
    const once = new Addresses(new VerbatimConfig({}));
    once.resolve = async () => answers.shift() ?? Promise.reject(new Error('looked up twice'));
    const url = receiver.url('ok/pinned', 'hooks.example.com');
    await new WebhookCarrier(once).carry(call(url));
    const [got] = await receiver.messages('ok/pinned', 1);
    expect(got!.headers['host']).toMatch(/^hooks\.example\.com:/);
  });
});
