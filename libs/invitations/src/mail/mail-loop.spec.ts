import { setTimeout as delay } from 'node:timers/promises';
import { afterEach, beforeEach, expect, it } from '@jest/globals';
import { until } from '#platform/testing/until.js';
import { House } from '../testing/house.js';
import { MailServer } from '../testing/mail-server.js';
import { MailLoop } from './mail-loop.js';

let server: MailServer;
let house: House;

beforeEach(async () => {
  server = await MailServer.listen();
  house = await House.open({ SMTP_URL: server.url });
});

afterEach(async () => {
  await house.close();
  await server.close();
});

const isSent = async () => (await house.deliveries()).every(({ state }) => state === 'sent');

it('mail_waiting_at_the_start_and_mail_asked_for_later_is_sent_until_it_is_stopped', async () => {
  const loop = house.room.get(MailLoop);
  await house.invite({ email: 'waiting@example.com' });
  loop.start();
  await until(isSent);
  await house.invite({ email: 'later@example.com' });
  await until(isSent);
  expect(server.received.map(({ to }) => to[0])).toEqual(['waiting@example.com', 'later@example.com']);
  await loop.stop();
  await house.invite({ email: 'after@example.com' });
  await delay(100);
  expect(server.received).toHaveLength(2);
  loop.start();
  await until(isSent);
  expect(server.received).toHaveLength(3);
});

it('stopping_finishes_the_mail_under_way', async () => {
  server.slownessMs = 300;
  const loop = house.room.get(MailLoop);
  await house.invite();
  loop.start();
  await until(() => server.received.length === 1);
  await loop.stop();
  expect(await isSent()).toBe(true);
});
