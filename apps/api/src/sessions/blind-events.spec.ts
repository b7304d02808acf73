import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { type AtDesk, SessionDesk } from './testing/session-desk.js';

let desk: SessionDesk;
let candidate: AtDesk;
let seeing: string;

const own = (): string => `${candidate.name} here: write to me@example.com or see https://example.com/me.`;
const WITHOUT_NAMES = '[name] here: write to [email] or see https://example.com/me.';
const BLIND = '[name] here: write to [email] or see [link]';

beforeAll(async () => {
  desk = await SessionDesk.open();
  const wish = { name: 'seeing auditor', role: 'auditor', pii: true };
  seeing = (await desk.api.ask('POST', '/api/api-keys', wish)).body.key;
  candidate = await desk.atWork({ taskTimeMinutes: 1 });
  const event = { id: 'm-1', type: 'user_message', timestampMs: 1, data: { content: own() } };
  await desk.post(candidate, '/events', { events: [event] });
  await desk.post(candidate, '/checkpoint', { deliverableState: { text: own() } });
  desk.api.clock.advance(120_000);
  const reopen = { minutes: 30, reason: `${candidate.name} had no power` };
  await desk.api.ask('PATCH', candidate.path, { reopen }, desk.keys.admin);
  await desk.post(candidate, '/submit', { deliverableState: { text: own() } });
});
afterAll(() => desk.close());

const read = async (path: string, key: string): Promise<string> => {
  const { status, body } = await desk.get(path, key);
  expect(status).toBe(200);
  return typeof body === 'string' ? body : JSON.stringify(body);
};

describe('what candidates write of themselves', () => {
  const paths = (): [path: string, readers: readonly string[]][] => {
    const { auditor, scorer } = desk.keys;
    return [
      [`${candidate.path}/events?include=system`, [auditor, scorer]],
      ['/v1/events?limit=1000', [auditor, scorer]],
      [`${candidate.path}/submission`, [auditor, scorer]],
      [`${candidate.path}/replay`, [auditor]],
      [`${candidate.path}/export`, [auditor]],
      [`/v1/sessions/${candidate.id}/timeline`, [auditor]],
    ];
  };

  it('is read without names and e-mails by whoever is blind to names, at every door, and by scorers without links', async () => {
    for (const [path, readers] of paths())
      for (const key of readers) {
        const text = await read(path, key);
        expect(text).toContain(key === desk.keys.scorer ? BLIND : WITHOUT_NAMES);
        expect(text).not.toContain(candidate.name);
        expect(text).not.toContain('me@example.com');
      }
  });

  it('is read as it was written by whoever sees names', async () => {
    for (const [path] of paths())
      for (const key of [desk.keys.admin, seeing]) expect(await read(path, key)).toContain(own());
  });

  it('and what reviewers write of them leaves ids, times and the rest of the record as they are', async () => {
    const path = `${candidate.path}/events?include=system&limit=1000`;
    const whole = JSON.parse(await read(path, seeing));
    const blind = JSON.parse(await read(path, desk.keys.auditor));
    const unnamed = (text: string) => text.replaceAll(own(), WITHOUT_NAMES).replaceAll(candidate.name, '[name]');
    expect(blind).toEqual(JSON.parse(unnamed(JSON.stringify(whole))));
    expect(JSON.stringify(blind)).toContain('[name] had no power');
  });
});
