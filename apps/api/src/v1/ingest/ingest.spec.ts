import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { TestApi } from '../../testing/test-api.js';

let api: TestApi;
let assessmentId: string;
let sessionId: string;
let token: string;

const error = (code: string, param?: string) => ({
  error: expect.objectContaining(param ? { code, param } : { code }),
});
const prompt = (id: string, more: object = {}) => ({
  id,
  sessionId,
  ts: api.clock.now(),
  kind: 'prompt',
  data: { content: `Say ${id}.` },
  ...more,
});
const ingest = (event: object, credential: string | null = token) =>
  api.ask('POST', '/v1/hooks/ingest', event, credential);
const complete = (body: object = { sessionId }) => api.ask('POST', '/v1/candidate/complete', body, token);
const timeline = (query = '', id = sessionId) => api.ask('GET', `/v1/sessions/${id}/timeline${query}`);
const ids = (events: readonly { id: string }[]) => events.map(({ id }) => id);

/** Invited by the other door: a link's token is as good as a key here. */
const invite = async (name: string) => {
  const { session } = (
    await api.ask('POST', `/api/assessments/${assessmentId}/invite`, { email: `${name}@example.com`, sendEmail: false })
  ).body;
  return session;
};

let people = 0;
beforeAll(async () => {
  api = await TestApi.whole();
  const wish = { title: 'Challenge', role: 'Engineer', taskBrief: 'Fix it.' };
  assessmentId = (await api.ask('POST', '/v1/assessments', wish)).body.assessment.id;
});

afterAll(() => api.close());

beforeEach(async () => {
  people += 1;
  api.clock.advance(1000);
  ({ id: sessionId, token } = await invite(`person-${people}`));
  await api.ask('POST', `/api/sessions/${sessionId}/open`, {}, token);
});

describe('ingesting (V11)', () => {
  it('keeps the whole original beside what it means', async () => {
    const event = {
      ...prompt('e1'),
      ts: '2026-01-01T00:00:01.500Z',
      source: 'my-editor',
      provenance: { by: 'hook' },
      v: 3,
      colour: 'red',
    };
    expect(await ingest(event)).toMatchObject({ status: 201, body: { ok: true, id: 'e1' } });
    const { events } = (await api.ask('GET', `/api/sessions/${sessionId}/events`)).body;
    expect(events).toHaveLength(1);
    expect(events[0]).toMatchObject({
      id: 'e1',
      type: 'user_message',
      timestampMs: Date.parse('2026-01-01T00:00:01.500Z'),
      via: 'candidate',
      data: { kind: 'prompt', content: 'Say e1.', charCount: 7, raw: event },
    });
  });

  it('skips a known id with 200, whatever else it says now, also after the end', async () => {
    await ingest(prompt('e1'));
    const again = { status: 200, body: { ok: true, id: 'e1', skipped: true } };
    expect(await ingest(prompt('e1', { kind: 'command' }))).toMatchObject(again);
    await complete();
    api.clock.advance(31_000);
    expect(await ingest(prompt('e1'))).toMatchObject(again);
    expect(await ingest(prompt('e2'))).toMatchObject({ status: 409, body: error('session_closed') });
    expect((await timeline()).body.events).toHaveLength(2);
  });

  it('answers session_start and checkpoint, and keeps nothing of them', async () => {
    for (const kind of ['session_start', 'checkpoint'])
      expect(await ingest(prompt(kind, { kind }))).toMatchObject({ status: 201, body: { ok: true, id: kind } });
    expect((await timeline()).body).toEqual({ events: [], hasMore: false });
  });

  it('submits at session_end, once', async () => {
    const end = prompt('end', { kind: 'session_end', data: {} });
    expect(await ingest(end)).toMatchObject({ status: 201, body: { ok: true, id: 'end' } });
    expect(await ingest(end)).toMatchObject({ status: 200, body: { skipped: true } });
    const { session } = (await api.ask('GET', `/api/sessions/${sessionId}`)).body;
    expect(session).toMatchObject({ status: 'submitted', submittedBy: 'candidate' });
  });

  it('takes events of many at once, in whatever order, each once', async () => {
    const wanted = Array.from({ length: 40 }, (_, at) => `e${at % 20}`);
    const answers = await Promise.all(wanted.map((id) => ingest(prompt(id))));
    expect(answers.filter(({ status }) => status === 201)).toHaveLength(20);
    expect(answers.filter(({ status }) => status === 200)).toHaveLength(20);
    expect(new Set(ids((await timeline()).body.events)).size).toBe(20);
  });

  it.each([
    [{ kind: 'dance' }, 'invalid_parameter', 'kind'],
    [{ kind: 'toString' }, 'invalid_parameter', 'kind'],
    [{ id: undefined }, 'missing_parameter', 'id'],
    [{ id: 'x'.repeat(129) }, 'invalid_parameter', 'id'],
    [{ id: '' }, 'invalid_parameter', 'id'],
    [{ sessionId: undefined }, 'missing_parameter', 'sessionId'],
    [{ ts: undefined }, 'missing_parameter', 'ts'],
    [{ ts: 'noon' }, 'invalid_parameter', 'ts'],
    [{ ts: -1 }, 'invalid_parameter', 'ts'],
    [{ ts: 1.5 }, 'invalid_parameter', 'ts'],
    [{ data: 'text' }, 'invalid_parameter', 'data'],
    [{ actor: 'robot' }, 'invalid_parameter', 'actor'],
  ])('refuses %j', async (fault, code, param) => {
    expect(await ingest(prompt('e1', fault))).toMatchObject({ status: 400, body: error(code, param) });
    expect((await timeline()).body.events).toEqual([]);
  });

  it("takes no event for another's session, none by a key of the organization, none without a credential", async () => {
    const other = await invite(`other-${people}`);
    const answers = [
      await ingest({ ...prompt('e1'), sessionId: other.id }),
      await ingest({ ...prompt('e1'), sessionId: 'unknown' }),
      await ingest(prompt('e1'), null),
    ];
    expect(answers.map(({ status }) => status)).toEqual([404, 404, 401]);
    const owner = await api.ask('POST', '/v1/hooks/ingest', prompt('e2'));
    expect(owner).toMatchObject({ status: 401, body: error('session_token_required') });
  });

  it('says that an event is too large', async () => {
    const large = prompt('e1', { data: { content: 'x'.repeat(200_000) } });
    expect(await ingest(large)).toMatchObject({ status: 413, body: error('payload_too_large') });
  });

  it('waits for the session to be opened', async () => {
    const unopened = await invite(`late-${people}`);
    const answer = await ingest({ ...prompt('e1'), sessionId: unopened.id }, unopened.token);
    expect(answer).toMatchObject({ status: 409, body: error('invalid_status_transition') });
  });
});

describe('how much is ingested', () => {
  it('is limited to a hundred events a minute for each session', async () => {
    const limited = await TestApi.whole({ VERBATIM_RATE_LIMIT: 'on' });
    const wish = { title: 'Challenge', role: 'Engineer', taskBrief: 'Fix it.' };
    const { id } = (await limited.ask('POST', '/v1/assessments', wish)).body.assessment;
    const invitation = { email: 'ada@example.com', sendEmail: false };
    const { session } = (await limited.ask('POST', `/api/assessments/${id}/invite`, invitation)).body;
    await limited.ask('POST', `/api/sessions/${session.id}/open`, {}, session.token);
    const statuses = [];
    for (let at = 0; at < 101; at += 1) {
      const event = { ...prompt(`e${at}`), sessionId: session.id };
      const answer = await limited.ask('POST', '/v1/hooks/ingest', event, session.token);
      statuses.push(answer.status);
      if (at === 100) expect(answer).toMatchObject({ body: error('rate_limited') });
      if (at === 100) expect(Number(answer.headers['retry-after'])).toBeGreaterThan(0);
    }
    expect(statuses).toEqual([...Array(100).fill(201), 429]);
    await limited.close();
  });
});

describe('completing (V12)', () => {
  it('submits once and says when, however often it is asked', async () => {
    const { status, body } = await complete();
    expect({ status, body }).toEqual({
      status: 200,
      body: { ok: true, completedAt: new Date(api.clock.now()).toISOString() },
    });
    api.clock.advance(5000);
    expect((await complete()).body).toEqual(body);
  });

  it("is for the candidate's own session", async () => {
    expect((await complete({ sessionId: 'another' })).status).toBe(404);
    expect(await complete({})).toMatchObject({ status: 400, body: error('missing_parameter', 'sessionId') });
  });
});

describe('sessions with their metrics (V13)', () => {
  const shown = async (key?: string) =>
    (await api.ask('GET', `/v1/sessions/${sessionId}`, undefined, key)).body.session;

  it('show what was recorded, in the list and alone', async () => {
    const startedAt = new Date(api.clock.now()).toISOString();
    await ingest(prompt('e1'));
    api.clock.advance(60_000);
    const command = prompt('e2', { kind: 'command', data: { command: 'ls', exitCode: 1 } });
    await ingest(command);
    await ingest(prompt('e3', { kind: 'test_run', actor: 'ai', data: { passed: 4, failed: 0 } }));
    const lastActivityAt = new Date(api.clock.now()).toISOString();
    await complete();
    const session = await shown();
    expect(session).toMatchObject({
      id: sessionId,
      assessmentId,
      candidateEmail: `person-${people}@example.com`,
      startedAt,
      endedAt: lastActivityAt,
      lastActivityAt,
      eventCount: 4,
      metrics: { durationMs: 60_000, promptCount: 1, commandFailRate: 1, testPassRate: 100 },
    });
    const page = (await api.ask('GET', `/v1/sessions?assessmentId=${assessmentId}&limit=1`)).body;
    expect(page).toMatchObject({ sessions: [session], limit: 1, offset: 0 });
    expect((await api.ask('GET', '/v1/sessions?assessmentId=unknown')).body).toMatchObject({ sessions: [], total: 0 });
  });

  it('name nobody to an auditor', async () => {
    const { key } = (await api.ask('POST', '/api/api-keys', { name: 'A', role: 'auditor' })).body;
    expect(await shown(key)).toMatchObject({ id: sessionId, candidateName: null, candidateEmail: null });
  });

  it('are not found when they are unknown', async () => {
    expect((await api.ask('GET', '/v1/sessions/unknown')).status).toBe(404);
  });
});

describe('the record read back (V14) and deleted (V15)', () => {
  it('is paged by the id of an event, without gap or repetition', async () => {
    for (const id of ['e1', 'e2', 'e3']) await ingest(prompt(id));
    await complete();
    const first = (await timeline('?limit=2')).body;
    expect(first).toMatchObject({ hasMore: true });
    expect(ids(first.events)).toEqual(['e1', 'e2']);
    const second = (await timeline('?limit=2&after=e2')).body;
    expect(second.hasMore).toBe(false);
    expect(second.events[0].id).toBe('e3');
    expect(second.events[1].type).toBe('task_submitted');
    const end = (await timeline(`?after=${second.events[1].id}`)).body;
    expect(end).toEqual({ events: [], hasMore: false });
  });

  it('refuses an id that is no event of the session', async () => {
    expect(await timeline('?after=unknown')).toMatchObject({ status: 400, body: error('invalid_cursor', 'after') });
  });

  it('is gone for good behind both doors once it is deleted', async () => {
    await ingest(prompt('e1'));
    const path = `/v1/sessions/${sessionId}`;
    const reviewer = (await api.ask('POST', '/api/api-keys', { name: 'R', role: 'reviewer' })).body.key;
    expect((await api.ask('DELETE', path, undefined, reviewer)).status).toBe(403);
    expect(await api.ask('DELETE', path)).toMatchObject({ status: 200, body: { ok: true, id: sessionId } });
    expect((await api.ask('DELETE', path)).status).toBe(404);
    expect((await timeline()).status).toBe(404);
    expect((await api.ask('GET', `/api/sessions/${sessionId}`)).status).toBe(404);
    expect((await ingest(prompt('e2'))).status).toBe(404);
  });
});
