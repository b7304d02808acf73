import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { TestApi } from '../testing/test-api.js';

const FULL = { title: 'Backend API Challenge', role: 'Senior Backend Engineer', taskBrief: 'Fix the export.' };
let api: TestApi;

beforeAll(async () => {
  api = await TestApi.whole();
});

afterAll(() => api.close());

beforeEach(() => api.clock.advance(1000));

const create = (body: object = FULL, key?: string) => api.ask('POST', '/v1/assessments', body, key);
const keyOf = async (role: string) => (await api.ask('POST', '/api/api-keys', { name: role, role })).body.key;
const organization = (changes: object) => api.ask('PATCH', '/api/organization', changes);
const error = (code: string, param?: string) => ({
  error: expect.objectContaining(param ? { code, param } : { code }),
});

describe('creating a coding assessment (V1)', () => {
  it('answers the documented object, with a week for its keys and an hour for its task', async () => {
    const { status, body } = await create();
    expect(status).toBe(201);
    expect(body).toEqual({
      assessment: {
        id: expect.any(String),
        ...FULL,
        repoUrl: null,
        issueId: null,
        issue: null,
        timeLimitMinutes: 60,
        expiresInDays: 7,
        rubricId: null,
        createdAt: new Date(api.clock.now()).toISOString(),
      },
    });
    expect(await api.ask('GET', `/v1/assessments/${body.assessment.id}`)).toMatchObject({ status: 200, body });
  });

  it('takes every documented field, in snake case too', async () => {
    const { body } = await create({
      ...FULL,
      repo_url: 'https://github.com/acme/api',
      timeLimitMinutes: 90,
      expires_in_days: 14,
    });
    expect(body.assessment).toMatchObject({
      repoUrl: 'https://github.com/acme/api',
      timeLimitMinutes: 90,
      expiresInDays: 14,
    });
  });

  it("takes its task from the issue unless it says its own, and shows the issue's details", async () => {
    const wish = {
      title: 'Race',
      repoUrl: 'https://github.com/acme/race',
      task_brief: 'Fix the race.',
      language: 'go',
    };
    const { issue } = (await api.ask('POST', '/v1/issues', wish)).body;
    const { title, role } = FULL;
    const taken = (await create({ title, role, issueId: issue.id })).body.assessment;
    expect(taken).toMatchObject({ taskBrief: 'Fix the race.', repoUrl: wish.repoUrl, issueId: issue.id, issue });
    const own = (await create({ ...FULL, issueId: issue.id, repoUrl: 'https://github.com/acme/fork' })).body.assessment;
    expect(own).toMatchObject({ taskBrief: FULL.taskBrief, repoUrl: 'https://github.com/acme/fork', issue });
  });

  it.each([
    [{ role: 'r', taskBrief: 't' }, 'missing_parameter', 'title'],
    [{ title: 't', taskBrief: 't' }, 'missing_parameter', 'role'],
    [{ ...FULL, title: '' }, 'invalid_parameter', 'title'],
    [{ ...FULL, title: 'x'.repeat(256) }, 'invalid_parameter', 'title'],
    [{ ...FULL, role: 'x'.repeat(256) }, 'invalid_parameter', 'role'],
    [{ title: 't', role: 'r' }, 'task_brief_required', 'taskBrief'],
    [{ title: 't', role: 'r', taskBrief: '  ' }, 'task_brief_required', 'taskBrief'],
    [{ ...FULL, repoUrl: 'no url' }, 'invalid_url', 'repoUrl'],
    [{ ...FULL, repoUrl: 'javascript:alert(1)' }, 'invalid_url', 'repoUrl'],
    [{ ...FULL, timeLimitMinutes: 0 }, 'invalid_parameter', 'timeLimitMinutes'],
    [{ ...FULL, timeLimitMinutes: 1441 }, 'invalid_parameter', 'timeLimitMinutes'],
    [{ ...FULL, timeLimitMinutes: 1.5 }, 'invalid_parameter', 'timeLimitMinutes'],
    [{ ...FULL, expiresInDays: 0 }, 'invalid_parameter', 'expiresInDays'],
    [{ ...FULL, expiresInDays: 366 }, 'invalid_parameter', 'expiresInDays'],
    [{ ...FULL, rubricId: 'mine' }, 'invalid_parameter', 'rubricId'],
    [{ ...FULL, rubricId: '6d3f0c2e-6a57-4f43-9d0e-0f2f7c1f0a01' }, 'invalid_parameter', 'rubricId'],
    [{ ...FULL, issueId: 'unknown' }, 'invalid_parameter', 'issueId'],
  ])('refuses %j', async (body, code, param) => {
    expect(await create(body)).toMatchObject({ status: 400, body: error(code, param) });
  });

  it('is for admins; whoever reviews may look', async () => {
    const reviewer = await keyOf('reviewer');
    expect(await create(FULL, reviewer)).toMatchObject({ status: 403, body: error('insufficient_scope') });
    expect((await api.ask('GET', '/v1/assessments', undefined, reviewer)).status).toBe(200);
    expect((await create(FULL, await keyOf('scorer'))).status).toBe(403);
    expect((await api.ask('POST', '/v1/assessments', FULL, null)).status).toBe(401);
  });
});

describe('what an organization is entitled to', () => {
  it.each([
    ['trial_expired', 'trial_expired'],
    ['inactive', 'subscription_inactive'],
  ])('refuses V1 with 402 while the subscription is %s', async (subscription, code) => {
    await organization({ subscription });
    expect(await create()).toMatchObject({ status: 402, body: error(code) });
    await organization({ subscription: 'active' });
    expect((await create()).status).toBe(201);
  });

  it('makes exactly ten of fifty asked for at once; the others get 403 with used and quota', async () => {
    api.clock.set('2026-03-15T00:00:00.000Z');
    await organization({ monthlyAssessmentQuota: 10 });
    const listed = async () => (await api.ask('GET', '/v1/assessments')).body.assessments.length;
    const before = await listed();
    const answers = await Promise.all(Array.from({ length: 50 }, () => create()));
    expect(answers.filter(({ status }) => status === 201)).toHaveLength(10);
    const refused = answers.filter(({ status }) => status === 403);
    expect(refused).toHaveLength(40);
    for (const { body } of refused)
      expect(body).toEqual({
        error: expect.objectContaining({ code: 'quota_exceeded', details: { used: 10, quota: 10 } }),
        used: 10,
        quota: 10,
      });
    expect(await listed()).toBe(before + 10);
  });

  it('counts what was deleted since and what the other door made, until the month turns', async () => {
    api.clock.set('2026-04-30T23:59:59.000Z');
    await organization({ monthlyAssessmentQuota: 2 });
    const { id } = (await create()).body.assessment;
    await api.ask('DELETE', `/v1/assessments/${id}`);
    expect((await api.ask('POST', '/api/assessments', { name: 'Analyst' })).status).toBe(201);
    expect(await create()).toMatchObject({ status: 403, body: { used: 2, quota: 2 } });
    expect(await create({ ...FULL, title: '' })).toMatchObject({ status: 400 });
    api.clock.advance(1000);
    expect((await create()).status).toBe(201);
    await organization({ monthlyAssessmentQuota: null });
  });

  it('counts a request repeated under its Idempotency-Key once', async () => {
    api.clock.set('2026-06-15T00:00:00.000Z');
    await organization({ monthlyAssessmentQuota: 1 });
    const once = () => api.ask('POST', '/v1/assessments', FULL, undefined, { 'idempotency-key': 'one' });
    const first = await once();
    expect(first.status).toBe(201);
    expect((await once()).body).toEqual(first.body);
    await organization({ monthlyAssessmentQuota: null });
  });
});

describe('reading and deleting coding assessments (V2–V4)', () => {
  it('lists them oldest first, those of the other door too, without the deleted ones', async () => {
    const made: string[] = [];
    for (const title of ['One', 'Two', 'Three']) {
      made.push((await create({ ...FULL, title })).body.assessment.id);
      api.clock.advance(1000);
    }
    const phases = [
      { name: 'Draft', timeMinutes: 20 },
      { name: 'Final', timeMinutes: 25 },
    ];
    const other = (await api.ask('POST', '/api/assessments', { name: 'Analyst', phases })).body.assessment;
    await api.ask('DELETE', `/v1/assessments/${made[1]}`);
    const { body } = await api.ask('GET', '/v1/assessments');
    expect(Object.keys(body)).toEqual(['assessments']);
    const last = body.assessments.slice(-3);
    expect(last.map(({ title }: { title: string }) => title)).toEqual(['One', 'Three', 'Analyst']);
    expect(last[2]).toMatchObject({ id: other.id, role: null, taskBrief: null, timeLimitMinutes: 45 });
    const moments = body.assessments.map(({ createdAt }: { createdAt: string }) => createdAt);
    expect(moments).toEqual([...moments].sort());
  });

  it('shows on /api what was made on /v1', async () => {
    const { id } = (await create({ ...FULL, timeLimitMinutes: 30 })).body.assessment;
    const { assessment } = (await api.ask('GET', `/api/assessments/${id}`)).body;
    expect(assessment).toMatchObject({
      name: FULL.title,
      taskPrompt: FULL.taskBrief,
      taskTimeMinutes: 30,
      setupTimeMinutes: 0,
      phases: null,
      expiresInDays: 7,
    });
    const changed = (await api.ask('PATCH', `/api/assessments/${id}`, { name: 'Renamed' })).body.assessment;
    expect(changed).toMatchObject({ name: 'Renamed', expiresInDays: 7 });
    expect((await api.ask('GET', `/v1/assessments/${id}`)).body.assessment.title).toBe('Renamed');
  });

  it('deletes with its id as answer, once, and is gone behind both doors', async () => {
    const { id } = (await create()).body.assessment;
    const path = `/v1/assessments/${id}`;
    expect(await api.ask('DELETE', path)).toMatchObject({ status: 200, body: { ok: true, id } });
    for (const [method, url] of [
      ['DELETE', path],
      ['GET', path],
      ['GET', `/api/assessments/${id}`],
    ] as const)
      expect(await api.ask(method, url)).toMatchObject({ status: 404, body: error('not_found') });
  });

  it("is read by the candidate at work on it, without what is not the candidate's, and by no other", async () => {
    const wish = { name: 'Setup first', taskPrompt: 'Secret until it starts.', setupTimeMinutes: 10 };
    const { id } = (await api.ask('POST', '/api/assessments', wish)).body.assessment;
    const invited = (await api.ask('POST', `/api/assessments/${id}/invite`, { email: 'ada@example.com' })).body;
    const { token, id: sessionId } = invited.session;
    const seen = async () => (await api.ask('GET', `/v1/assessments/${id}`, undefined, token)).body.assessment;
    expect(await seen()).toMatchObject({ title: 'Setup first', taskBrief: null });
    expect(await seen()).not.toHaveProperty('rubricId');
    await api.ask('POST', `/api/sessions/${sessionId}/start`, {}, token);
    expect(await seen()).toMatchObject({ taskBrief: wish.taskPrompt });
    const another = (await create()).body.assessment.id;
    expect((await api.ask('GET', `/v1/assessments/${another}`, undefined, token)).status).toBe(404);
    expect((await api.ask('GET', '/v1/assessments', undefined, token)).status).toBe(403);
    expect((await api.ask('DELETE', `/v1/assessments/${id}`, undefined, token)).status).toBe(403);
  });
});
