import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { refusal, SessionDesk } from '../sessions/testing/session-desk.js';
import type { TestAnswer } from '../testing/test-api.js';

let desk: SessionDesk;

beforeAll(async () => {
  desk = await SessionDesk.open();
});
afterAll(() => desk.close());

const DAY = 24 * 3600 * 1000;
const NOBODY = null;
const ask = (method: 'GET' | 'POST' | 'DELETE', url: string, body?: unknown, headers: Record<string, string> = {}) =>
  desk.api.ask(method, url, body, NOBODY, headers);
const redeem = (key: string, more: object = {}) => ask('POST', '/v1/candidate/redeem', { key, ...more });
const said = ({ status, body }: TestAnswer) => ({ status, error: { ...body.error, requestId: '' } });

interface Given {
  readonly assessmentId: string;
  readonly id: string;
  readonly key: string;
}
const give = async (fields: object = {}, wish: object = {}): Promise<Given> => {
  const assessmentId = await desk.assess({ name: 'Backend', taskPrompt: 'Fix the parser.', ...fields });
  const { body } = await desk.api.ask('POST', `/v1/assessments/${assessmentId}/keys`, { count: 1, ...wish });
  return { assessmentId, id: body.keys[0].id, key: body.keys[0].key };
};
const rowOf = async ({ assessmentId }: Given) => (await desk.get(`/v1/assessments/${assessmentId}/keys`)).body.keys[0];
const revoke = ({ assessmentId, id }: Given) =>
  desk.api.ask('DELETE', `/v1/assessments/${assessmentId}/keys/${id}`, undefined);

describe('redeeming a key', () => {
  it('opens and starts its session and tells a tool all it needs', async () => {
    const given = await give({ setupTimeMinutes: 10, taskTimeMinutes: 90 }, { orgName: 'Acme GmbH' });
    const { status, body } = await redeem(given.key);
    const now = desk.api.clock.now();
    expect({ status, ...body }).toEqual({
      status: 200,
      sessionId: expect.any(String),
      sessionToken: expect.stringMatching(/^vst_/),
      assessmentId: given.assessmentId,
      assessmentTitle: 'Backend',
      orgName: 'Acme GmbH',
      taskBrief: 'Fix the parser.',
      repoUrl: null,
      timeLimitMinutes: 90,
      deadlineAt: new Date(now + 90 * 60_000).toISOString(),
      expiresAt: new Date(now + 7 * DAY).toISOString(),
      serverNow: new Date(now).toISOString(),
    });
    expect(await rowOf(given)).toMatchObject({
      status: 'active',
      sessionId: body.sessionId,
      redeemedAt: new Date(now).toISOString(),
      completedAt: null,
    });
    const { session } = (await desk.get(`/api/sessions/${body.sessionId}`)).body;
    expect(session).toMatchObject({ status: 'in_progress', attempt: 1, assessmentId: given.assessmentId });
  });

  it('again, in any case and by any door, is the same session with its clock running on', async () => {
    const { key } = await give();
    const first = await redeem(key);
    desk.api.clock.advance(60_000);
    const again = [
      await redeem(` ${key.toLowerCase()} `),
      await ask('POST', '/v1/candidate/redeem', {}, { 'x-api-key': key.toLowerCase() }),
      await ask('POST', '/v1/candidate/redeem', {}, { authorization: `Bearer ${key}` }),
    ];
    for (const { status, body } of again)
      expect({ status, ...body }).toMatchObject({
        status: 200,
        sessionId: first.body.sessionId,
        deadlineAt: first.body.deadlineAt,
      });
  });

  it('twenty times at once makes one session', async () => {
    const given = await give();
    const answers = await Promise.all(Array.from({ length: 20 }, () => redeem(given.key)));
    expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([200]));
    expect(new Set(answers.map(({ body }) => body.sessionId)).size).toBe(1);
    const { body } = await desk.get(`/api/sessions?assessmentId=${given.assessmentId}`);
    expect(body.total).toBe(1);
  });

  it('of one person is a session beside those of other invitations', async () => {
    const email = 'often@example.com';
    const given = await give({}, { candidateEmails: [email], candidateNames: ['Often'] });
    const invited = await desk.api.ask('POST', `/api/assessments/${given.assessmentId}/invite`, { email });
    const { body } = await redeem(given.key, { candidateName: 'Somebody else' });
    expect(body.sessionId).not.toBe(invited.body.session.id);
    const { session } = (await desk.get(`/api/sessions/${body.sessionId}`)).body;
    expect(session).toMatchObject({ candidateName: 'Often', candidateEmail: email });
    expect(session.candidateId).toBe(invited.body.session.candidateId);
  });

  it('takes the name of somebody without an address, the first one given', async () => {
    const given = await give();
    const { body } = await redeem(given.key, { candidateName: 'Ada' });
    await redeem(given.key, { candidateName: 'Grace' });
    expect(await rowOf(given)).toMatchObject({ candidateName: 'Ada', candidateEmail: null });
    expect((await desk.get(`/api/sessions/${body.sessionId}`)).body.session).toMatchObject({
      candidateName: 'Ada',
      candidateEmail: null,
    });
  });

  it('shows completed once the work was submitted, and the time', async () => {
    const given = await give();
    const { sessionId } = (await redeem(given.key)).body;
    desk.api.clock.advance(5 * 60_000);
    const submitted = await ask('POST', `/api/sessions/${sessionId}/submit`, {}, { 'x-api-key': given.key });
    expect(submitted.status).toBe(200);
    const completedAt = new Date(desk.api.clock.now()).toISOString();
    expect(await rowOf(given)).toMatchObject({ status: 'completed', completedAt });
  });

  it('shows completed at the deadline when the clock submitted', async () => {
    const given = await give({ taskTimeMinutes: 30 });
    const { sessionId, deadlineAt } = (await redeem(given.key)).body;
    desk.api.clock.advance(45 * 60_000);
    // A late checkpoint: every command applies what is overdue first.
    await ask('POST', `/api/sessions/${sessionId}/checkpoint`, { deliverableState: {} }, { 'x-api-key': given.key });
    expect(await rowOf(given)).toMatchObject({ status: 'completed', completedAt: deadlineAt });
  });

  it('is over when the due date has passed, and the key is not spent by trying', async () => {
    const dueDate = new Date(desk.api.clock.now() + DAY).toISOString();
    const given = await give({ dueDate });
    desk.api.clock.advance(DAY + 1);
    expect(await redeem(given.key)).toMatchObject(refusal(410, 'due_date_passed'));
    expect(await rowOf(given)).toMatchObject({ status: 'pending', redeemedAt: null });
  });
});

describe('a key that is not valid', () => {
  it('is one answer, whether it is unknown, malformed, revoked or expired, its assessment or its session deleted', async () => {
    const [revoked, expired, closed, erased] = [await give(), await give(), await give(), await give()];
    await revoke(revoked);
    await desk.api.ask('DELETE', `/api/assessments/${closed.assessmentId}`);
    const { sessionId } = (await redeem(erased.key)).body;
    await desk.api.ask('DELETE', `/api/sessions/${sessionId}`);
    desk.api.clock.advance(7 * DAY);
    const keys = [revoked.key, expired.key, closed.key, erased.key, 'PST-AAAA-AAAA', 'PST-1', 'no key'];
    const answers = await Promise.all(keys.map((key) => redeem(key)));
    const wanted = {
      status: 401,
      error: { type: 'authentication', code: 'invalid_key', message: 'This key is not valid.', requestId: '' },
    };
    expect(answers.map(said)).toEqual(keys.map(() => wanted));
    for (const key of [revoked.key, expired.key, closed.key, 'PST-AAAA-AAAA']) {
      expect(said(await ask('GET', '/api/candidate/session', undefined, { 'x-api-key': key }))).toEqual(wanted);
      expect(said(await ask('GET', '/api/candidate/session', undefined, { authorization: `Bearer ${key}` }))).toEqual(
        wanted,
      );
    }
    expect((await desk.get(`/v1/assessments/${erased.assessmentId}/keys`)).body.keys).toEqual([]);
  });

  it('is answered after the same time for whatever reason it is not', async () => {
    const revoked = await give();
    await revoke(revoked);
    for (const key of [revoked.key, 'PST-AAAA-AAAB', 'short']) {
      const begun = performance.now();
      await redeem(key);
      expect(performance.now() - begun).toBeGreaterThanOrEqual(49);
    }
  });

  it('by expiry ends redemption, not the work under way', async () => {
    const given = await give({ taskTimeMinutes: 1440 });
    desk.api.clock.advance(7 * DAY - 60_000);
    const { sessionId } = (await redeem(given.key)).body;
    desk.api.clock.advance(120_000);
    const headers = { 'x-api-key': given.key };
    expect((await ask('GET', '/api/candidate/session', undefined, headers)).status).toBe(200);
    expect((await redeem(given.key)).body.sessionId).toBe(sessionId);
    expect(await rowOf(given)).toMatchObject({ status: 'active' });
  });

  it('by revocation ends at once, in the middle of the work', async () => {
    const given = await give();
    const { sessionId } = (await redeem(given.key)).body;
    const headers = { authorization: `Bearer ${given.key}` };
    const record = () =>
      ask('POST', `/api/sessions/${sessionId}/events`, { events: [] }, headers).then(({ status }) => status);
    expect(await record()).toBe(400);
    await revoke(given);
    expect(await record()).toBe(401);
  });
});

describe('a key as a credential', () => {
  let given: Given;
  let sessionId: string;
  let headers: Record<string, string>;
  beforeEach(async () => {
    given = await give();
    headers = { 'x-api-key': given.key };
  });
  const begin = async () => {
    sessionId = (await redeem(given.key)).body.sessionId;
  };

  it('does at its own session what the session token does', async () => {
    await begin();
    const path = `/api/sessions/${sessionId}`;
    const events = [{ id: 'e-1', type: 'user_message', timestampMs: 1, data: { content: 'Hi' } }];
    expect((await ask('GET', '/api/candidate/session', undefined, headers)).body.session.id).toBe(sessionId);
    expect((await ask('POST', `${path}/start`, {}, headers)).status).toBe(200);
    expect((await ask('POST', `${path}/events`, { events }, headers)).body.accepted).toEqual(['e-1']);
    expect((await ask('POST', `${path}/checkpoint`, { deliverableState: {} }, headers)).status).toBe(200);
    const one = { id: 'e-2', sessionId, ts: desk.api.clock.now(), kind: 'prompt', data: { content: 'Why?' } };
    expect((await ask('POST', '/v1/hooks/ingest', one, headers)).status).toBe(201);
    expect((await ask('POST', '/v1/candidate/complete', { sessionId }, headers)).body).toMatchObject({ ok: true });
  });

  it('reads its own assessment before and after it is redeemed, the task once the clock runs', async () => {
    const path = `/v1/assessments/${given.assessmentId}`;
    const before = await ask('GET', path, undefined, headers);
    expect(before).toMatchObject({ status: 200, body: { assessment: { title: 'Backend', taskBrief: null } } });
    await begin();
    expect((await ask('GET', path, undefined, headers)).body.assessment.taskBrief).toBe('Fix the parser.');
    const other = await give();
    expect(await ask('GET', `/v1/assessments/${other.assessmentId}`, undefined, headers)).toMatchObject(
      refusal(404, 'not_found'),
    );
  });

  it('finds no session before it is redeemed, and never another', async () => {
    expect(await ask('GET', '/api/candidate/session', undefined, headers)).toMatchObject(refusal(404, 'not_found'));
    const other = await give();
    const { body } = await redeem(other.key);
    expect(await ask('POST', `/api/sessions/${body.sessionId}/submit`, {}, headers)).toMatchObject(
      refusal(404, 'not_found'),
    );
  });

  it('opens nothing of a reviewer', async () => {
    expect(await ask('GET', '/v1/candidates', undefined, headers)).toMatchObject(refusal(403, 'insufficient_scope'));
  });

  it('is the only one a request may bring', async () => {
    const bearer = { authorization: `Bearer ${desk.keys.admin}` };
    const both = [
      await ask('GET', `/v1/assessments/${given.assessmentId}`, undefined, { ...headers, ...bearer }),
      await ask('POST', '/v1/candidate/redeem', { key: given.key }, headers),
      await ask('POST', '/v1/candidate/redeem', { key: given.key }, bearer),
    ];
    for (const answer of both) expect(answer).toMatchObject(refusal(400, 'invalid_request'));
  });

  it('is what redeeming asks for', async () => {
    expect(await ask('POST', '/v1/candidate/redeem', {})).toMatchObject({
      status: 400,
      body: { error: { code: 'missing_parameter', param: 'key' } },
    });
    const bearer = { authorization: `Bearer ${desk.keys.admin}` };
    expect(await ask('POST', '/v1/candidate/redeem', {}, bearer)).toMatchObject(refusal(403, 'insufficient_scope'));
  });
});
