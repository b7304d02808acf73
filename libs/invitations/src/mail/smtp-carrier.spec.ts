import { once } from 'node:events';
import type { AddressInfo, Server } from 'node:net';
import { createServer } from 'node:net';
import { afterEach, expect, it } from '@jest/globals';
import { SMTPServer, type SMTPServerOptions } from 'smtp-server';
import { SmtpCarrier } from './smtp-carrier.js';

const closers: (() => Promise<unknown> | unknown)[] = [];

afterEach(async () => {
  for (const close of closers.splice(0).reverse()) await close();
});

async function mailServer(options: SMTPServerOptions): Promise<number> {
  const server = new SMTPServer({ disabledCommands: ['STARTTLS', 'AUTH'], closeTimeout: 50, ...options });
  server.listen(0, '127.0.0.1');
  await once(server.server, 'listening');
  closers.push(() => new Promise<void>((resolve) => server.close(() => resolve())));
  return (server.server.address() as AddressInfo).port;
}

function carrierTo(port: number, limits = { connectMs: 1000, silenceMs: 1000 }): SmtpCarrier {
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

const refusal = (responseCode: number): Error =>
  Object.assign(new Error('no such user: alice@example.com'), { responseCode });

it('a_mail_arrives_with_envelope_headers_and_both_parts', async () => {
  const received: { from: string; to: string[]; content: string }[] = [];
  const port = await mailServer({
    onData(stream, session, done) {
      let content = '';
      stream.on('data', (chunk: Buffer) => {
        content += chunk.toString();
      });
      stream.on('end', () => {
        const { mailFrom, rcptTo } = session.envelope;
        received.push({ from: mailFrom ? mailFrom.address : '', to: rcptTo.map(({ address }) => address), content });
        done();
      });
    },
  });
  await carrierTo(port).carry(mail);
  expect(received).toEqual([
    {
      from: 'jobs@acme.example',
      to: ['alice@example.com'],
      content: expect.stringContaining('Message-ID: <d1@verbatim>'),
    },
  ]);
  expect(received[0]?.content).toContain('text/plain');
  expect(received[0]?.content).toContain('text/html');
});

it('a_refused_recipient_is_final_and_its_reason_holds_no_address', async () => {
  const port = await mailServer({ onRcptTo: (_, __, done) => done(refusal(550)) });
  const error = await carrierTo(port)
    .carry(mail)
    .catch((caught: unknown) => caught);
  expect(error).toMatchObject({ isFinal: true, reason: 'EENVELOPE, the mail server answered 550' });
});

it('a_mailbox_that_is_busy_is_tried_again', async () => {
  const port = await mailServer({ onRcptTo: (_, __, done) => done(refusal(450)) });
  await expect(carrierTo(port).carry(mail)).rejects.toMatchObject({ isFinal: false });
});

it('a_content_refused_for_good_is_final', async () => {
  const port = await mailServer({
    onData(stream, _, done) {
      stream.resume();
      stream.on('end', () => done(refusal(554)));
    },
  });
  await expect(carrierTo(port).carry(mail)).rejects.toMatchObject({ isFinal: true });
});

it('a_log_in_that_is_refused_waits_for_the_operator', async () => {
  const port = await mailServer({
    disabledCommands: ['STARTTLS'],
    allowInsecureAuth: true,
    onAuth: (_, __, done) => done(refusal(535)),
  });
  const carrier = new SmtpCarrier(`smtp://user:wrong@127.0.0.1:${port}`, undefined);
  closers.push(() => carrier.close());
  await expect(carrier.carry(mail)).rejects.toMatchObject({ isFinal: false, reason: expect.stringContaining('EAUTH') });
});

it('a_server_that_is_away_is_tried_again', async () => {
  const server: Server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, 'close');
  await expect(carrierTo(port).carry(mail)).rejects.toMatchObject({ isFinal: false });
});

it('a_server_that_says_nothing_does_not_hold_the_sender_for_ever', async () => {
  const silent: Server = createServer((socket) => closers.push(() => socket.destroy())).listen(0, '127.0.0.1');
  closers.push(() => silent.close());
  await once(silent, 'listening');
  const { port } = silent.address() as AddressInfo;
  await expect(carrierTo(port, { connectMs: 100, silenceMs: 100 }).carry(mail)).rejects.toMatchObject({
    isFinal: false,
    reason: expect.stringContaining('ETIMEDOUT'),
  });
});

it('a_server_that_answers_slowly_is_waited_for', async () => {
  const port = await mailServer({
    onData(stream, _, done) {
      stream.resume();
      stream.on('end', () => setTimeout(done, 300));
    },
  });
  await expect(carrierTo(port).carry(mail)).resolves.toBeUndefined();
});
