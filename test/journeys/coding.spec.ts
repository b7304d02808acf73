import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { Answer, Caller } from '../support/caller.js';
import { atWork, newAssessment } from '../support/candidate.js';
import { verbatim } from '../support/cli.js';
import { endAll, newDataDir, Server } from '../support/server.js';

const CHALLENGE = { title: 'Backend API Challenge', role: 'Engineer', taskBrief: 'Fix the export.' };
const create = (caller: Caller) => caller.post('/v1/assessments', CHALLENGE);
const setQuota = (caller: Caller, monthlyAssessmentQuota: number | null) =>
  caller.patch('/api/organization', { monthlyAssessmentQuota });

afterAll(endAll);

describe('one product behind two doors', () => {
  let server: Server;

  beforeAll(async () => {
    server = await Server.start();
  });

  it('what_is_invited_by_api_and_told_by_v1_is_read_by_both', async () => {
    const { owner } = server;
    const { id: assessmentId } = (await create(owner)).body.assessment;
    const { sessionId, workspace } = await atWork(server, assessmentId, 'ada@example.com');
    const tell = (id: string, kind: string, data: object, actor = 'human') =>
      workspace.post('/v1/hooks/ingest', { id, sessionId, ts: Date.now(), kind, actor, data });
    const told = [
      await tell('1', 'prompt', { content: 'Where are fields quoted?' }),
      await tell('2', 'ai_response', { content: 'In csv.ts.' }, 'ai'),
      await tell('3', 'file_diff', { path: 'csv.ts', diff: '+quoted' }, 'ai'),
      await tell('4', 'test_run', { passed: 4, failed: 0 }),
      await tell('4', 'test_run', { passed: 4, failed: 0 }),
    ];
    expect(told.map(({ status }) => status)).toEqual([201, 201, 201, 201, 200]);
    expect((await owner.get(`/v1/assessments/${assessmentId}/cohort-stats`)).body).toEqual({ cohortStats: null });
    const { completedAt } = (await workspace.post('/v1/candidate/complete', { sessionId })).body;

    const { session } = (await owner.get(`/api/sessions/${sessionId}`)).body;
    expect(session).toMatchObject({ status: 'submitted', submittedAt: completedAt, assessmentName: CHALLENGE.title });
    const measured = (await owner.get(`/v1/sessions/${sessionId}`)).body.session;
    expect(measured).toMatchObject({
      candidateEmail: 'ada@example.com',
      endedAt: completedAt,
      eventCount: 5,
      metrics: { promptCount: 1, verifyIntensity: 1, manualEditRatio: 0, testPassRate: 100 },
    });
    const { cohortStats } = (await owner.get(`/v1/assessments/${assessmentId}/cohort-stats`)).body;
    expect(cohortStats).toMatchObject({ sessionCount: 1, metrics: { avgPromptCount: 1, testPassRate: 100 } });
    const { events } = (await owner.get(`/v1/sessions/${sessionId}/timeline`)).body;
    expect((await owner.get(`/api/sessions/${sessionId}/events`)).body.events).toEqual(events);
  });

  it('a_key_reads_its_assessment_and_tells_what_happens_once_it_is_redeemed', async () => {
    const { owner } = server;
    const { id: assessmentId } = (await create(owner)).body.assessment;
    const { key } = (await owner.post(`/v1/assessments/${assessmentId}/keys`, { count: 1 })).body.keys[0];
    const tool = server.as(undefined);
    const asKey = { 'x-api-key': key };
    const seen = async () => (await tool.get(`/v1/assessments/${assessmentId}`, asKey)).body.assessment;
    expect(await seen()).toMatchObject({ title: CHALLENGE.title, taskBrief: null });
    const other = (await create(owner)).body.assessment.id;
    expect((await tool.get(`/v1/assessments/${other}`, asKey)).status).toBe(404);
    expect((await tool.get('/v1/assessments', asKey)).status).toBe(403);

    const redeemed = (await tool.post('/v1/candidate/redeem', { key: key.toLowerCase() })).body;
    const { sessionId, sessionToken } = redeemed;
    expect(redeemed).toMatchObject({ assessmentId, taskBrief: CHALLENGE.taskBrief, timeLimitMinutes: 60 });
    expect(await seen()).toMatchObject({ taskBrief: CHALLENGE.taskBrief });
    const event = (id: string) => ({ id, sessionId, ts: Date.now(), kind: 'prompt', data: { content: 'Hello?' } });
    expect((await tool.post('/v1/hooks/ingest', event('by key'), asKey)).status).toBe(201);
    expect((await server.as(sessionToken).post('/v1/hooks/ingest', event('by token'))).status).toBe(201);
    expect((await tool.post('/v1/candidate/complete', { sessionId }, asKey)).body.ok).toBe(true);
    const { session } = (await owner.get(`/api/sessions/${sessionId}`)).body;
    expect(session).toMatchObject({ status: 'submitted', assessmentId });
    expect((await owner.get(`/v1/sessions/${sessionId}`)).body.session).toMatchObject({ eventCount: 3 });
  });

  it('what_is_made_and_deleted_by_one_door_is_there_and_gone_by_the_other', async () => {
    const { owner } = server;
    const id = await newAssessment(owner, { name: 'Memo', taskPrompt: 'Write a memo.', taskTimeMinutes: 45 });
    const shown = (await owner.get(`/v1/assessments/${id}`)).body.assessment;
    expect(shown).toMatchObject({ id, title: 'Memo', taskBrief: 'Write a memo.', timeLimitMinutes: 45 });
    expect((await owner.get('/v1/assessments')).body.assessments.at(-1)).toEqual(shown);
    const { sessionId, workspace } = await atWork(server, id, 'bob@example.com');
    expect((await owner.delete(`/v1/assessments/${id}`)).body).toEqual({ ok: true, id });
    expect((await owner.get(`/api/assessments/${id}`)).status).toBe(404);
    const event = { id: '1', sessionId, ts: Date.now(), kind: 'prompt', data: { content: 'Hello?' } };
    // A policy cancels what runs, in its own time; the record stays readable.
    for (let closedReason = null; closedReason === null; )
      ({ closedReason } = (await owner.get(`/api/sessions/${sessionId}`)).body.session);
    expect((await workspace.post('/v1/candidate/complete', { sessionId })).status).toBe(409);
    expect((await workspace.post('/v1/hooks/ingest', event)).status).toBe(201);
    expect((await owner.get(`/v1/sessions/${sessionId}/timeline`)).body.events).toMatchObject([
      { id: '1', late: true },
    ]);
  });
});

describe('what an organization is entitled to', () => {
  it('is_set_from_the_command_line', async () => {
    const server = await Server.start();
    const set = async (...changes: string[]) => JSON.parse((await verbatim(server, ['org', 'set', ...changes])).stdout);
    expect(await set('--subscription', 'trial_expired')).toMatchObject({ subscription: 'trial_expired' });
    expect(await create(server.owner)).toMatchObject({ status: 402, body: { error: { code: 'trial_expired' } } });
    expect(await set('--subscription', 'active', '--quota', '0')).toMatchObject({ monthlyAssessmentQuota: 0 });
    expect(await create(server.owner)).toMatchObject({ status: 403, body: { used: 0, quota: 0 } });
    expect(await set('--quota', 'none')).toMatchObject({ subscription: 'active', monthlyAssessmentQuota: null });
    expect((await create(server.owner)).status).toBe(201);
    const wrong = await verbatim(server, ['org', 'set', '--quota', 'ten']);
    expect(wrong).toMatchObject({ code: 1, stderr: expect.stringContaining('--quota must be') });
  });
});

describe('the monthly quota', () => {
  it('is_exact_for_fifty_at_once_outlives_a_kill_and_begins_anew_with_the_month', async () => {
    const dataDir = await newDataDir();
    const first = await Server.start({ dataDir });
    await setQuota(first.owner, 10);
    const answers: Answer<Record<string, unknown>>[] = await Promise.all(
      Array.from({ length: 50 }, () => create(first.owner)),
    );
    expect(answers.map(({ status }) => status).toSorted((a, b) => a - b)).toEqual([
      ...Array(10).fill(201),
      ...Array(40).fill(403),
    ]);
    for (const { status, body } of answers) if (status === 403) expect(body).toMatchObject({ used: 10, quota: 10 });
    await first.kill();

    const second = await Server.start({ dataDir });
    const { assessments } = (await second.owner.list('/v1/assessments')).body;
    expect(assessments).toHaveLength(10);
    await second.owner.delete(`/v1/assessments/${assessments[0].id}`);
    expect(await create(second.owner)).toMatchObject({ status: 403, body: { used: 10, quota: 10 } });
    await second.kill();

    const today = new Date();
    const nextMonth = Date.UTC(today.getUTCFullYear(), today.getUTCMonth() + 1, 1);
    const third = await Server.start({ dataDir, clockOffsetMs: nextMonth - Date.now() });
    expect((await create(third.owner)).status).toBe(201);
  }, 90_000);
});
