import { readdir, readFile } from 'node:fs/promises';
import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { SessionDesk } from '../sessions/testing/session-desk.js';

let desk: SessionDesk;

beforeAll(async () => {
  desk = await SessionDesk.open();
});
afterAll(() => desk.close());

const messagesTo = async (address: string) =>
  (await desk.get('/api/outbox?limit=100')).body.messages.filter((one: { to: string }) => one.to === address);

const until = async <T>(look: () => Promise<T | undefined>): Promise<T> => {
  for (let tries = 0; tries < 400; tries += 1) {
    const found = await look();
    if (found !== undefined) return found;
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
  throw new Error('It did not come to that.');
};
const kept = (address: string) =>
  until(async () => (await messagesTo(address)).find(({ state }: { state: string }) => state !== 'pending'));

const issue = async (assessmentId: string, wish: object) =>
  (await desk.api.ask('POST', `/v1/assessments/${assessmentId}/keys`, wish)).body.keys;

it('a key given out with an address is mailed once, under the name the company gave itself', async () => {
  const assessmentId = await desk.assess({ name: 'Backend', taskTimeMinutes: 90 });
  const [{ key, id }] = await issue(assessmentId, {
    count: 1,
    candidateEmails: ['alice@example.com'],
    candidateNames: ['Alice'],
    orgName: 'Acme GmbH',
  });
  const message = await kept('alice@example.com');
  expect(message).toMatchObject({
    kind: 'key_invitation',
    state: 'kept',
    name: 'Alice',
    subject: 'Acme GmbH invites you: Backend',
    inviteUrl: null,
  });
  const files = (await readdir(desk.api.outbox)).filter((name) => name.includes(message.id));
  const letter = await readFile(`${desk.api.outbox}/${files[0]}`, 'utf8');
  for (const part of [
    `\n${key}\n`,
    'Hello Alice,',
    'up to 90 minutes',
    'Acme GmbH invites you to the coding assessment',
  ])
    expect(letter).toContain(part);
  expect(files).toHaveLength(1);
  expect(await messagesTo('alice@example.com')).toHaveLength(1);
  expect(id).toBeDefined();
});

it('keys without addresses are mailed to nobody', async () => {
  const before = (await desk.get('/api/outbox')).body.total;
  const assessmentId = await desk.assess();
  await issue(assessmentId, { count: 3 });
  await issue(assessmentId, { count: 1, candidateEmails: ['after@example.com'] });
  await kept('after@example.com');
  expect((await desk.get('/api/outbox')).body.total).toBe(before + 1);
});

it('the mail of a key goes with its session when that is deleted', async () => {
  const assessmentId = await desk.assess();
  const [{ key }] = await issue(assessmentId, { count: 1, candidateEmails: ['gone@example.com'] });
  const message = await kept('gone@example.com');
  const { sessionId } = (await desk.api.ask('POST', '/v1/candidate/redeem', { key }, null)).body;
  await desk.api.ask('DELETE', `/api/sessions/${sessionId}`);
  expect(await messagesTo('gone@example.com')).toEqual([]);
  expect((await readdir(desk.api.outbox)).filter((name) => name.includes(message.id))).toEqual([]);
});
