import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { TestApi } from '../testing/test-api.js';

const OPERATOR = 'operator-token-of-the-specs-0123456789';
let api: TestApi;

beforeAll(async () => {
  api = await TestApi.whole({ VERBATIM_OPERATOR_TOKEN: OPERATOR });
});

afterAll(() => api.close());

const error = (code: string, param?: string) => ({
  error: expect.objectContaining(param ? { code, param } : { code }),
});
const titles = (issues: readonly { title: string }[]) => issues.map(({ title }) => title);
const foreignKey = async () => (await api.ask('POST', '/api/organizations', { name: 'Other' }, OPERATOR)).body.key;

const byCursor = async (limit: number): Promise<object[]> => {
  const found: object[] = [];
  for (let after = ''; ; ) {
    const { body } = await api.ask('GET', `/v1/issues?limit=${limit}${after && `&after=${after}`}`);
    found.push(...body.issues);
    if (!body.hasMore) return found;
    after = body.nextCursor;
  }
};

describe('the issue library (V16)', () => {
  it('has a few samples in a fresh organization, each good for an assessment', async () => {
    const { body } = await api.ask('GET', '/v1/issues', undefined, await foreignKey());
    expect(body).toMatchObject({ total: 3, limit: 20, offset: 0 });
    const { body: own } = await api.ask('GET', '/v1/issues');
    for (const issue of own.issues) {
      expect(await api.ask('GET', `/v1/issues/${issue.id}`)).toMatchObject({ status: 200, body: { issue } });
      const made = await api.ask('POST', '/v1/assessments', { title: 'T', role: 'R', issueId: issue.id });
      expect(made).toMatchObject({ status: 201, body: { assessment: { taskBrief: issue.taskBrief, issue } } });
    }
  });

  it('shows own issues before the samples, page by page, and filtered', async () => {
    for (const [title, language] of [
      ['First', 'go'],
      ['Second', 'rust'],
    ]) {
      expect((await api.ask('POST', '/v1/issues', { title, language })).status).toBe(201);
      api.clock.advance(1000);
    }
    const whole = (await api.ask('GET', '/v1/issues')).body;
    expect(titles(whole.issues).slice(0, 2)).toEqual(['Second', 'First']);
    expect(whole.total).toBe(5);
    const pages = await Promise.all([0, 2, 4, 6].map((at) => api.ask('GET', `/v1/issues?limit=2&offset=${at}`)));
    expect(pages.flatMap(({ body }) => body.issues)).toEqual(whole.issues);
    expect(pages.map(({ body }) => body.hasMore)).toEqual([true, true, false, false]);
    for (const limit of [1, 2, 3, 5]) expect(await byCursor(limit)).toEqual(whole.issues);
    expect((await api.ask('GET', '/v1/issues?after=nowhere')).body).toEqual(error('invalid_cursor', 'after'));
    const inGo = (await api.ask('GET', '/v1/issues?language=go')).body;
    expect(inGo).toMatchObject({ total: 2 });
    expect(inGo.issues.every(({ language }: { language: string }) => language === 'go')).toBe(true);
    const hard = (await api.ask('GET', '/v1/issues?language=go&difficulty=hard')).body;
    expect(hard).toMatchObject({ total: 1 });
    expect((await api.ask('GET', '/v1/issues?limit=500')).body.limit).toBe(50);
  });

  it("keeps one organization's issues from another", async () => {
    const { id } = (await api.ask('POST', '/v1/issues', { title: 'Mine', taskBrief: 'Do.' })).body.issue;
    const key = await foreignKey();
    expect((await api.ask('GET', `/v1/issues/${id}`, undefined, key)).status).toBe(404);
    const taken = await api.ask('POST', '/v1/assessments', { title: 'T', role: 'R', issueId: id }, key);
    expect(taken).toMatchObject({ status: 400, body: error('invalid_parameter', 'issueId') });
  });

  it('cannot give a task that an issue does not have', async () => {
    const { id } = (await api.ask('POST', '/v1/issues', { title: 'Bare' })).body.issue;
    const made = await api.ask('POST', '/v1/assessments', { title: 'T', role: 'R', issueId: id });
    expect(made).toMatchObject({ status: 400, body: error('task_brief_required') });
  });

  it.each([
    [{}, 'missing_parameter', 'title'],
    [{ title: 'T', url: 'nowhere' }, 'invalid_url', 'url'],
    [{ title: 'T', estimatedMinutes: 0 }, 'invalid_parameter', 'estimatedMinutes'],
  ])('refuses %j', async (body, code, param) => {
    expect(await api.ask('POST', '/v1/issues', body)).toMatchObject({ status: 400, body: error(code, param) });
  });
});

describe('rubrics (V17)', () => {
  const rubric = (points: readonly number[], totalPoints?: number) => ({
    name: 'Engineering',
    ...(totalPoints === undefined ? {} : { totalPoints }),
    categories: points.map((each, at) => ({
      id: `category-${at}`,
      name: `Category ${at}`,
      points: each,
      scoringMethod: 'hybrid',
      subCriteria: [{ id: 'tests', name: 'Tests', points: each, description: 'Red first?', enabled: true }],
    })),
  });
  const create = (body: object) => api.ask('POST', '/v1/rubrics', body);

  it('are kept as they were sent, and named by assessments', async () => {
    const wish = rubric([40, 60]);
    const made = await create(wish);
    expect(made.status).toBe(201);
    expect(made.body).toEqual({ rubric: { id: expect.any(String), totalPoints: 100, ...wish } });
    const { id } = made.body.rubric;
    expect(await api.ask('GET', `/v1/rubrics/${id}`)).toMatchObject({ status: 200, body: made.body });
    expect((await api.ask('GET', '/v1/rubrics')).body.rubrics).toContainEqual(made.body.rubric);
    const task = { title: 'T', role: 'R', taskBrief: 'Do.' };
    const assessment = (await api.ask('POST', '/v1/assessments', { ...task, rubricId: id })).body.assessment;
    expect(assessment.rubricId).toBe(id);
    const foreign = await api.ask('POST', '/v1/assessments', { ...task, rubricId: id }, await foreignKey());
    expect(foreign).toMatchObject({ status: 400, body: error('invalid_parameter', 'rubricId') });
  });

  it.each([
    [[33.3, 33.3, 33.4], undefined],
    [[0.1, 0.2, 99.7], 100],
    [[10], 10],
  ] as const)('sum exactly: %j to %j', async (points, totalPoints) => {
    expect((await create(rubric(points, totalPoints))).status).toBe(201);
  });

  it.each([
    [[40, 59], undefined],
    [[100], 50],
    [[33.3, 33.3, 33.3], 100],
  ] as const)('are refused when %j does not sum to %j', async (points, totalPoints) => {
    expect(await create(rubric(points, totalPoints))).toMatchObject({
      status: 400,
      body: error('weights_must_sum_to_100', 'categories'),
    });
  });

  const parted = (...parts: readonly (readonly [points: number, enabled?: boolean])[]) => ({
    name: 'In parts',
    categories: [
      {
        id: 'all',
        name: 'All',
        points: 100,
        subCriteria: parts.map(([points, enabled = true], at) => ({ id: `p${at}`, name: `P${at}`, points, enabled })),
      },
    ],
  });

  it('may count what is switched off among the points of its category, or not', async () => {
    for (const wish of [parted([60], [40]), parted([60], [40, false]), parted([100], [40, false])])
      expect((await create(wish)).status).toBe(201);
  });

  it('are refused when sub-criteria do not sum to their category', async () => {
    expect(await create(parted([60], [30]))).toMatchObject({
      status: 400,
      body: error('weights_must_sum_to_100', 'categories[0].subCriteria'),
    });
  });

  it('are refused with an id twice, and without categories', async () => {
    const twice = rubric([50, 50]);
    for (const category of twice.categories) category.id = 'same';
    expect(await create(twice)).toMatchObject({ body: error('invalid_parameter', 'categories[1].id') });
    expect(await create({ name: 'Empty', categories: [] })).toMatchObject({
      body: error('invalid_parameter', 'categories'),
    });
  });

  it('are refused with an id that no body may have for a key: scores are keyed by them', async () => {
    for (const id of ['__proto__', 'constructor', 'prototype']) {
      const odd = rubric([50, 50]);
      odd.categories[1]!.id = id;
      expect(await create(odd)).toMatchObject({ status: 400, body: error('invalid_parameter', 'categories[1].id') });
    }
  });
});
