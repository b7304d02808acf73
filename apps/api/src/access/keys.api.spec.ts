import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { refusal, SessionDesk } from '../sessions/testing/session-desk.js';

let desk: SessionDesk;
let assessmentId: string;

beforeAll(async () => {
  desk = await SessionDesk.open();
});
afterAll(() => desk.close());

const keysOf = (id = assessmentId) => `/v1/assessments/${id}/keys`;
const issue = (wish: object, id = assessmentId, key = desk.keys.admin) => desk.api.ask('POST', keysOf(id), wish, key);
const list = async (id = assessmentId, key = desk.keys.admin) => (await desk.get(keysOf(id), key)).body.keys;
const DAY = 24 * 3600 * 1000;

describe('candidate keys', () => {
  beforeAll(async () => {
    assessmentId = await desk.assess({ name: 'Backend API Challenge' });
  });

  it('are issued as the reference shows them, and listed in the order they were asked for', async () => {
    const wish = {
      count: 2,
      candidateEmails: ['alice@example.com', 'Bob@Example.com'],
      candidateNames: ['Alice', 'Bob'],
      orgName: 'Acme GmbH',
    };
    const { status, body } = await issue(wish);
    expect(status).toBe(201);
    const expiresAt = new Date(desk.api.clock.now() + 7 * DAY).toISOString();
    const shown = (candidateEmail: string, candidateName: string) => ({
      id: expect.stringMatching(/^[0-9a-f-]{36}$/),
      key: expect.stringMatching(/^PST-[A-Z2-9]{4}-[A-Z2-9]{4}$/),
      status: 'pending',
      candidateEmail,
      candidateName,
      sessionId: null,
      expiresAt,
      redeemedAt: null,
      completedAt: null,
    });
    expect(body).toEqual({ keys: [shown('alice@example.com', 'Alice'), shown('Bob@Example.com', 'Bob')] });
    desk.api.clock.advance(1000);
    const more = await issue({ count: 3 });
    expect(more.body.keys).toHaveLength(3);
    expect(more.body.keys[0]).toMatchObject({ candidateEmail: null, candidateName: null });
    expect(await list()).toEqual([...body.keys, ...more.body.keys]);
  });

  it('are one call, one event: fifty at once are all there and all different', async () => {
    const id = await desk.assess();
    const { body } = await issue({ count: 50 }, id);
    expect(new Set(body.keys.map(({ key }: { key: string }) => key)).size).toBe(50);
    expect(await list(id)).toEqual(body.keys);
  });

  it('are issued once however often the same request is sent under its Idempotency-Key', async () => {
    const id = await desk.assess();
    const send = () => desk.api.ask('POST', keysOf(id), { count: 2 }, undefined, { 'idempotency-key': 'the-same' });
    const first = await send();
    expect((await send()).body).toEqual(first.body);
    expect(await list(id)).toHaveLength(2);
  });

  it('expire after the time of their assessment', async () => {
    const id = await desk.assess();
    const { body } = await issue({ count: 1 }, id);
    desk.api.clock.advance(7 * DAY - 1);
    expect((await list(id))[0].status).toBe('pending');
    desk.api.clock.advance(1);
    expect(await list(id)).toEqual([{ ...body.keys[0], status: 'expired' }]);
  });

  it.each([
    ['no count', {}, 'missing_parameter', 'count'],
    ['a count of 0', { count: 0 }, 'invalid_parameter', 'count'],
    ['a count of 51', { count: 51 }, 'invalid_parameter', 'count'],
    ['half a key', { count: 1.5 }, 'invalid_parameter', 'count'],
    ['no address', { count: 1, candidateEmails: ['nobody'] }, 'invalid_parameter', 'candidateEmails[0]'],
    ['lists of two lengths', { count: 2, candidateEmails: ['a@x.io'] }, 'length_mismatch', 'candidateEmails'],
    ['names alone', { count: 1, candidateNames: ['A'] }, 'length_mismatch', 'candidateNames'],
    [
      'a blank name',
      { count: 1, candidateEmails: ['a@x.io'], candidateNames: [' '] },
      'invalid_parameter',
      'candidateNames[0]',
    ],
    ['an address twice', { count: 2, candidateEmails: ['a@x.io', 'A@x.io'] }, 'duplicate_email', 'candidateEmails[1]'],
  ])('are refused whole for %s', async (_, wish, code, param) => {
    const id = await desk.assess();
    expect(await issue(wish, id)).toMatchObject({ status: 400, body: { error: { code, param } } });
    expect(await list(id)).toEqual([]);
  });

  it.each([
    ['inactive', 'subscription_inactive'],
    ['trial_expired', 'trial_expired'],
  ])('are refused with 402 while the subscription is %s', async (subscription, code) => {
    await desk.api.ask('PATCH', '/api/organization', { subscription });
    expect(await issue({ count: 1 })).toMatchObject(refusal(402, code));
    await desk.api.ask('PATCH', '/api/organization', { subscription: 'active' });
  });

  it("are refused for an assessment that is unknown, another organization's or not active", async () => {
    expect(await issue({ count: 1 }, 'no-such')).toMatchObject(refusal(404, 'not_found'));
    expect(await issue({ count: 1 }, assessmentId, desk.stranger)).toMatchObject(refusal(404, 'not_found'));
    expect(await desk.get(keysOf(), desk.stranger)).toMatchObject(refusal(404, 'not_found'));
    const id = await desk.assess();
    await desk.api.ask('PATCH', `/api/assessments/${id}`, { isActive: false });
    expect(await issue({ count: 1 }, id)).toMatchObject(refusal(409, 'assessment_inactive'));
  });
});

describe('revoking a key', () => {
  const revoke = (id: string, keyId: string, key = desk.keys.admin) =>
    desk.api.ask('DELETE', `${keysOf(id)}/${keyId}`, undefined, key);

  it('takes it out of the lists, once', async () => {
    const id = await desk.assess();
    const other = await desk.assess();
    const { keys } = (await issue({ count: 2 }, id)).body;
    expect(await revoke(other, keys[0].id)).toMatchObject(refusal(404, 'not_found'));
    expect(await revoke(id, keys[0].id, desk.stranger)).toMatchObject(refusal(404, 'not_found'));
    expect(await revoke(id, keys[0].id)).toMatchObject({ status: 200, body: { ok: true, id: keys[0].id } });
    expect(await revoke(id, keys[0].id)).toMatchObject(refusal(404, 'not_found'));
    expect(await revoke(id, 'no-such')).toMatchObject(refusal(404, 'not_found'));
    expect(await list(id)).toEqual([keys[1]]);
  });

  it('is part of deleting the assessment, before that is answered', async () => {
    const id = await desk.assess();
    const { keys } = (await issue({ count: 2 }, id)).body;
    await desk.api.ask('DELETE', `/api/assessments/${id}`);
    expect(await desk.get(keysOf(id))).toMatchObject(refusal(404, 'not_found'));
    expect(await revoke(id, keys[0].id)).toMatchObject(refusal(404, 'not_found'));
    const { candidates } = (await desk.get('/v1/candidates?limit=200')).body;
    expect(candidates.filter((one: { assessmentId: string }) => one.assessmentId === id)).toEqual([]);
  });
});

describe('the keys of all assessments', () => {
  it('are joined with their assessments, newest first, page by page', async () => {
    const id = await desk.assess({ name: 'Newest' });
    desk.api.clock.advance(1000);
    const { keys } = (await issue({ count: 1, candidateEmails: ['last@example.com'] }, id)).body;
    const { status, body } = await desk.get('/v1/candidates?limit=1');
    expect({ status, ...body }).toMatchObject({ status: 200, limit: 1, offset: 0, hasMore: true });
    expect(body.candidates).toEqual([{ ...keys[0], assessmentId: id, assessmentTitle: 'Newest' }]);
    const rest = await desk.get(`/v1/candidates?after=${body.nextCursor}`);
    expect(rest.body.total).toBe(body.total);
    expect(rest.body.candidates[0].assessmentId).not.toBe(id);
  });

  it.each([
    ['', 50, 0],
    ['?limit=0', 1, 0],
    ['?limit=1000&offset=-3', 200, 0],
    ['?limit=200&offset=7', 200, 7],
  ])('clamp what is asked for: %s', async (query, limit, offset) => {
    expect((await desk.get(`/v1/candidates${query}`)).body).toMatchObject({ limit, offset });
  });

  it("are another organization's own", async () => {
    expect((await desk.get('/v1/candidates', desk.stranger)).body).toMatchObject({ candidates: [], total: 0 });
  });
});

describe('who sees keys', () => {
  it.each([
    ['reviewer', true],
    ['auditor', false],
  ] as const)('a %s sees that there are some, never the keys', async (role, names) => {
    const id = await desk.assess();
    await issue({ count: 1, candidateEmails: ['seen@example.com'] }, id);
    expect(await list(id, desk.keys[role])).toMatchObject([
      { key: null, candidateEmail: names ? 'seen@example.com' : null },
    ]);
    expect((await desk.get('/v1/candidates?limit=1', desk.keys[role])).body.candidates[0].key).toBeNull();
    expect(await issue({ count: 1 }, id, desk.keys[role])).toMatchObject(refusal(403, 'insufficient_scope'));
  });

  it.each(['scorer', 'runtime'] as const)('a %s sees none', async (role) => {
    expect(await desk.get(keysOf(), desk.keys[role])).toMatchObject(refusal(403, 'insufficient_scope'));
    expect(await desk.get('/v1/candidates', desk.keys[role])).toMatchObject(refusal(403, 'insufficient_scope'));
  });

  it('a stranger and a candidate see none', async () => {
    const candidate = await desk.invite(await desk.assess());
    expect(await desk.get(keysOf(), candidate.token)).toMatchObject(refusal(403, 'insufficient_scope'));
    expect(await desk.get(keysOf(), 'gai_unknown-unknown-unknown-unknown')).toMatchObject(
      refusal(401, 'invalid_api_key'),
    );
  });
});
