import { once } from 'node:events';
import { type AddressInfo, createServer, type Server } from 'node:net';
import { afterEach, expect, it } from '@jest/globals';
import type { SMTPServerOptions } from 'smtp-server';
import { MailServer, refusal } from '../testing/mail-server.js';
import { SmtpCarrier } from './smtp-carrier.js';

const closers: (() => Promise<unknown> | unknown)[] = [];

afterEach(async () => {
  for (const close of closers.splice(0).reverse()) await close();
});

async function mailServer(options?: SMTPServerOptions): Promise<MailServer> {
  const server = await MailServer.listen(options);
  closers.push(() => server.close());
  return server;
}

function carrierTo(
  port: number,
  limits: { connectMs?: number; silenceMs?: number; wholeMs?: number; partingMs?: number } = {},
) {
  const carrier = new SmtpCarrier(`smtp://127.0.0.1:${port}`, 'Hiring <jobs@acme.example>', limits);
  closers.push(() => carrier.close());
  return carrier;
}

const mail = {
  deliveryId: 'd1',
  sessionId: 's1',
  to: { name: 'Alice', address: 'alice@example.com' },
  subject: 'Acme invites you: PM',
  text: 'Hello Alice',
  html: '<p>Hello Alice</p>',
};

it('a_mail_arrives_with_envelope_headers_and_both_parts', async () => {
  const server = await mailServer();
  await carrierTo(server.port).carry(mail);
  expect(server.received).toMatchObject([{ from: 'jobs@acme.example', to: ['alice@example.com'] }]);
  for (const part of ['Message-ID: <d1@verbatim>', 'Auto-Submitted: auto-generated', 'text/plain', 'text/html'])
    expect(server.received[0]?.content).toContain(part);
});

it('a_refused_recipient_is_final_and_its_reason_holds_no_address', async () => {
  const server = await mailServer();
  server.refusesWith = 550;
  const error = await carrierTo(server.port)
    .carry(mail)
    .catch((caught: unknown) => caught);
  expect(error).toMatchObject({ isFinal: true, reason: 'EENVELOPE, the mail server answered 550' });
});

it('a_mailbox_that_is_busy_is_tried_again', async () => {
  const server = await mailServer();
  server.refusesWith = 450;
  await expect(carrierTo(server.port).carry(mail)).rejects.toMatchObject({ isFinal: false });
});

it('a_content_refused_for_good_is_final', async () => {
  const server = await mailServer({
    onData(stream, _, done) {
      stream.resume();
      stream.on('end', () => done(refusal(554)));
    },
  });
  await expect(carrierTo(server.port).carry(mail)).rejects.toMatchObject({ isFinal: true });
});

it('a_log_in_that_is_refused_waits_for_the_operator', async () => {
  const server = await mailServer({
    disabledCommands: ['STARTTLS'],
    allowInsecureAuth: true,
    onAuth: (_, __, done) => done(refusal(535)),
  });
  const carrier = new SmtpCarrier(`smtp://user:wrong@127.0.0.1:${server.port}`, undefined);
  closers.push(() => carrier.close());
  await expect(carrier.carry(mail)).rejects.toMatchObject({ isFinal: false, reason: expect.stringContaining('EAUTH') });
});

it('a_server_that_is_away_is_tried_again', async () => {
  const server = await MailServer.listen();
  const { port } = server;
  await server.close();
  await expect(carrierTo(port).carry(mail)).rejects.toMatchObject({ isFinal: false });
});

it('a_server_that_says_nothing_does_not_hold_the_sender_for_ever', async () => {
  const silent: Server = createServer((socket) => closers.push(() => socket.destroy())).listen(0, '127.0.0.1');
  closers.push(() => silent.close());
  await once(silent, 'listening');
  const { port } = silent.address() as AddressInfo;
  await expect(carrierTo(port, { connectMs: 100, silenceMs: 100 }).carry(mail)).rejects.toMatchObject({
    isFinal: false,
    reason: 'ETIMEDOUT',
  });
});

it('a_server_that_comes_to_no_end_does_not_either', async () => {
  const server = await mailServer();
  server.slownessMs = 2000;
  await expect(carrierTo(server.port, { wholeMs: 100 }).carry(mail)).rejects.toMatchObject({
    isFinal: false,
    reason: 'ETIMEDOUT',
  });
});

it('a_process_asked_to_end_does_not_wait_for_a_slow_server', async () => {
  const server = await mailServer();
  server.slownessMs = 2000;
  const stopping = new AbortController();
  const carrying = carrierTo(server.port, { partingMs: 50 }).carry(mail, stopping.signal);
  stopping.abort();
  await expect(carrying).rejects.toMatchObject({ isFinal: false, reason: 'ETIMEDOUT' });
});

it('a_server_that_answers_slowly_is_waited_for', async () => {
  const server = await mailServer();
  server.slownessMs = 300;
  await expect(carrierTo(server.port).carry(mail)).resolves.toBeUndefined();
});
