import { setTimeout as delay } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { TestApi } from '../testing/test-api.js';

let api: TestApi;

beforeAll(async () => {
  api = await TestApi.whole();
});

afterAll(() => api.close());

const create = (body: unknown, path = '/api/assessments') => api.ask('POST', path, body);
const error = (code: string, param?: string) => ({
  error: expect.objectContaining(param ? { code, param } : { code }),
});

describe('assessments (W13)', () => {
  it.each(['/api/assessments', '/api/assessments/create'])('are created by POST %s, in camel case', async (path) => {
    const { status, body } = await create({ name: 'Analyst' }, path);
    expect(status).toBe(201);
    const createdAt = new Date(api.clock.now()).toISOString();
    expect(body).toEqual({
      assessment: {
        id: expect.any(String),
        orgId: expect.any(String),
        name: 'Analyst',
        role: null,
        taskPrompt: null,
        deliverableType: null,
        setupTimeMinutes: 10,
        taskTimeMinutes: 60,
        phases: null,
        dueDate: null,
        scoringRubric: null,
        candidatePermissions: {
          can_browse_connector_documents: true,
          can_add_custom_connectors: false,
          can_add_skills: true,
          can_edit_agents_md: true,
          can_add_memory: true,
        },
        connectorConfig: null,
        autoScore: true,
        sendFeedback: false,
        feedbackDelayHours: 24,
        isActive: true,
        repoUrl: null,
        issueId: null,
        rubricId: null,
        rubricVersion: 1,
        expiresInDays: 7,
        version: 1,
        createdAt,
        updatedAt: createdAt,
      },
    });
    expect(await api.ask('GET', `/api/assessments/${body.assessment.id}`)).toMatchObject({ status: 200, body });
  });

  it('keep a rubric of their own with its defaults written out, and count its versions', async () => {
    const scoringRubric = { categories: [{ id: 'all', name: 'All of it', points: 100 }] };
    const made = await api.ask('POST', '/api/assessments', { name: 'Analyst', scoringRubric });
    expect(made.body.assessment).toMatchObject({
      rubricVersion: 1,
      scoringRubric: {
        name: 'Scoring rubric',
        totalPoints: 100,
        categories: [{ id: 'all', points: 100, scoringMethod: 'llm_judge', subCriteria: [] }],
      },
    });
    const path = `/api/assessments/${made.body.assessment.id}`;
    const change = async (body: object) => (await api.ask('PATCH', path, body)).body.assessment.rubricVersion;
    expect(await change({ scoringRubric: made.body.assessment.scoringRubric, role: 'Lead' })).toBe(1);
    expect(await change({ scoringRubric: null })).toBe(2);
  });

  it('refuse a rubric whose points do not add up', async () => {
    const scoringRubric = { categories: [{ id: 'all', name: 'All of it', points: 90 }] };
    expect(await api.ask('POST', '/api/assessments', { name: 'Analyst', scoringRubric })).toMatchObject({
      status: 400,
      body: { error: { code: 'weights_must_sum_to_100', param: 'scoringRubric.categories' } },
    });
  });

  it('take snake case as well, inside phases and permissions too', async () => {
    const { body } = await create({
      name: 'Analyst',
      task_prompt: 'Write a memo.',
      deliverable_type: 'docx',
      setup_time_minutes: 0,
      phases: [{ name: 'Draft', time_minutes: 20 }],
      candidate_permissions: { canAddSkills: false },
    });
    expect(body.assessment).toMatchObject({
      taskPrompt: 'Write a memo.',
      deliverableType: 'docx',
      setupTimeMinutes: 0,
      phases: [{ name: 'Draft', brief: null, timeMinutes: 20 }],
      candidatePermissions: { can_add_skills: false, can_add_memory: true },
    });
  });

  it.each([
    [{}, 'missing_parameter', 'name'],
    [{ name: 'x'.repeat(256) }, 'invalid_parameter', 'name'],
    [{ name: 'A', taskTimeMinutes: 0 }, 'invalid_parameter', 'taskTimeMinutes'],
    [{ name: 'A', taskTimeMinutes: 1441 }, 'invalid_parameter', 'taskTimeMinutes'],
    [{ name: 'A', setup_time_minutes: -1 }, 'invalid_parameter', 'setup_time_minutes'],
    [{ name: 'A', taskTimeMinutes: '60' }, 'invalid_parameter', 'taskTimeMinutes'],
    [{ name: 'A', deliverableType: 'exe' }, 'invalid_parameter', 'deliverableType'],
    [{ name: 'A', phases: [] }, 'invalid_parameter', 'phases'],
    [{ name: 'A', phases: [{ name: 'Draft', timeMinutes: 0 }] }, 'invalid_parameter', 'phases[0].timeMinutes'],
    [{ name: 'A', phases: Array(21).fill({ name: 'P', timeMinutes: 1 }) }, 'invalid_parameter', 'phases'],
    [{ name: 'A', phases: ['Draft'] }, 'invalid_parameter', 'phases[0]'],
    [
      { name: 'A', candidatePermissions: { can_add_skills: 'no' } },
      'invalid_parameter',
      'candidatePermissions.can_add_skills',
    ],
    [{ name: 'A', scoringRubric: [] }, 'invalid_parameter', 'scoringRubric'],
    [{ name: 'A', isActive: null }, 'invalid_parameter', 'isActive'],
    [{ name: 'A', dueDate: '2020-01-01T00:00:00Z' }, 'due_date_in_past', 'dueDate'],
    [{ name: 'A', dueDate: '2030-01-01' }, 'invalid_parameter', 'dueDate'],
    [{ name: 'A', taskPrompt: 'a', task_prompt: 'b' }, 'invalid_parameter', 'task_prompt'],
  ])('are refused for %j', async (body, code, param) => {
    expect(await create(body)).toMatchObject({ status: 400, body: error(code, param) });
  });

  it('are changed field by field: what is absent stays, null clears', async () => {
    const made = await create({ name: 'Analyst', role: 'Analyst', dueDate: '2030-01-01T00:00:00Z' });
    const path = `/api/assessments/${made.body.assessment.id}`;
    const { status, body } = await api.ask('PATCH', path, { task_time_minutes: 90, due_date: null });
    expect(status).toBe(200);
    expect(body.assessment).toMatchObject({ name: 'Analyst', role: 'Analyst', taskTimeMinutes: 90, dueDate: null });
    expect((await api.ask('PATCH', path, body.assessment)).body).toEqual(body);
    expect(await api.ask('PATCH', path, { name: null })).toMatchObject({ status: 400 });
  });

  it('are gone when they are deleted', async () => {
    const { body } = await create({ name: 'Gone' });
    const path = `/api/assessments/${body.assessment.id}`;
    expect(await api.ask('DELETE', path)).toMatchObject({ status: 200, body: { ok: true } });
    for (const method of ['GET', 'DELETE'] as const)
      expect(await api.ask(method, path)).toMatchObject({ status: 404, body: error('not_found') });
    expect(await api.ask('PATCH', path, { name: 'Back' })).toMatchObject({ status: 404, body: error('not_found') });
  });

  it('take their running sessions along when they are deleted', async () => {
    const { id } = (await create({ name: 'Cancelled' })).body.assessment;
    const wish = { email: 'ada@example.com', sendEmail: false };
    const { session } = (await api.ask('POST', `/api/assessments/${id}/invite`, wish)).body;
    await api.ask('DELETE', `/api/assessments/${id}`);
    expect(await api.ask('POST', `/api/assessments/${id}/invite`, wish)).toMatchObject({ status: 404 });
    // A policy cancels them, in its own time.
    for (let closedReason: unknown = null; closedReason === null; await delay(20))
      ({ closedReason } = (await api.ask('GET', `/api/sessions/${session.id}`)).body.session);
    const cancelled = (await api.ask('GET', `/api/sessions/${session.id}`)).body.session;
    expect(cancelled).toMatchObject({ closedReason: 'cancelled', assessmentName: 'Cancelled' });
  });

  it('are made once under one Idempotency-Key', async () => {
    const ask = () => api.ask('POST', '/api/assessments', { name: 'Once' }, undefined, { 'idempotency-key': 'once' });
    const first = await ask();
    expect((await ask()).body).toEqual(first.body);
    expect(first.status).toBe(201);
  });

  it('are read by reviewers and auditors, and written by neither', async () => {
    for (const role of ['reviewer', 'auditor']) {
      const { key } = (await api.ask('POST', '/api/api-keys', { name: role, role })).body;
      expect((await api.ask('GET', '/api/assessments', undefined, key)).status).toBe(200);
      const refused = await api.ask('POST', '/api/assessments', { name: 'Mine' }, key);
      expect(refused).toMatchObject({ status: 403, body: error('insufficient_scope') });
    }
    const scorer = (await api.ask('POST', '/api/api-keys', { name: 'scorer', role: 'scorer' })).body.key;
    expect((await api.ask('GET', '/api/assessments', undefined, scorer)).status).toBe(403);
  });
});

describe('the list of assessments', () => {
  it('clamps its bounds, echoes what counts, and goes on after its cursor', async () => {
    const { total } = (await api.ask('GET', '/api/assessments')).body;
    for (const name of ['One', 'Two', 'Three']) {
      api.clock.advance(1000);
      await create({ name });
    }
    const first = (await api.ask('GET', '/api/assessments?limit=2')).body;
    expect(first.assessments.map(({ name }: { name: string }) => name)).toEqual(['Three', 'Two']);
    expect(first).toMatchObject({ total: total + 3, limit: 2, offset: 0, hasMore: true });
    const second = (await api.ask('GET', `/api/assessments?limit=1&after=${first.nextCursor}`)).body;
    expect(second.assessments[0]).toMatchObject({ name: 'One' });
    expect(second).toMatchObject({ total: total + 3, limit: 1, hasMore: true });
    expect((await api.ask('GET', '/api/assessments?limit=1000&offset=-5')).body).toMatchObject({
      limit: 100,
      offset: 0,
    });
  });

  it.each([
    ['limit=ten', 'invalid_parameter'],
    ['colour=red', 'invalid_parameter'],
    ['limit=1&limit=2', 'invalid_parameter'],
    ['after=nonsense', 'invalid_cursor'],
  ])('refuses ?%s', async (query, code) => {
    expect(await api.ask('GET', `/api/assessments?${query}`)).toMatchObject({ status: 400, body: error(code) });
  });
});
