import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { type AtDesk, refusal, SessionDesk } from './testing/session-desk.js';

const MINUTE = 60_000;

let desk: SessionDesk;
let candidate: AtDesk;

/** Three prompts and a submission, a minute apart. */
beforeAll(async () => {
  desk = await SessionDesk.open();
  candidate = await desk.atWork();
  for (const id of ['a', 'b', 'c']) {
    desk.api.clock.advance(MINUTE);
    await desk.record(candidate, id);
    await desk.post(candidate, '/checkpoint', { deliverableState: { upTo: id } });
  }
  desk.api.clock.advance(MINUTE);
  await desk.post(candidate, '/submit');
});

afterAll(() => desk.close());

const events = async (query = '') => (await desk.get(`${candidate.path}/events${query}`)).body;
const ids = async (query: string) => (await events(query)).events.map(({ id }: { id: string }) => id);

describe('the events of a session (A6)', () => {
  it('are_activity_alone_in_the_documented_form', async () => {
    const page = await events();
    expect(page).toMatchObject({ total: 4, limit: 100, offset: 0, hasMore: false, nextCursor: null });
    expect(page.events[0]).toEqual({
      id: 'a',
      sessionId: candidate.id,
      seq: 3,
      globalSeq: expect.stringMatching(/^[0-9a-f-]{36}\.\d+$/),
      type: 'user_message',
      v: 1,
      phase: 'task',
      phaseIndex: 0,
      timestampMs: 1,
      createdAt: expect.stringMatching(/^2026-01-01T00:01:00\.000Z$/),
      via: 'candidate',
      data: { content: 'text a', charCount: 6 },
    });
    expect(page.events[3]).toMatchObject({ type: 'task_submitted', data: { trigger: 'candidate' } });
  });

  it('are_paged_by_offset_or_after_a_seq', async () => {
    expect(await ids('?limit=2')).toEqual(['a', 'b']);
    expect(await ids('?limit=2&offset=1')).toEqual(['b', 'c']);
    const first = await events('?limit=1');
    expect(first).toMatchObject({ hasMore: true, total: 4 });
    expect(await ids(`?limit=2&after=${first.nextCursor}`)).toEqual(['b', 'c']);
    expect(await ids('?after=4')).toHaveLength(3);
    expect(await ids('?offset=50')).toEqual([]);
    expect(await events('?limit=5000&offset=-1')).toMatchObject({ limit: 1000, offset: 0 });
  });

  it('of_one_type_are_counted_and_paged_among_themselves', async () => {
    expect(await events('?type=user_message')).toMatchObject({ total: 3 });
    expect(await ids('?type=user_message&after=4')).toEqual(['b', 'c']);
    expect(await ids('?type=user_message&limit=1&offset=2')).toEqual(['c']);
    expect(await events('?type=slide_added')).toMatchObject({ total: 0, events: [] });
  });

  it('show_the_facts_of_its_life_when_asked_to', async () => {
    const page = await events('?include=system');
    expect(page.events.map(({ type }: { type: string }) => type)).toEqual([
      'session_invited',
      'setup_started',
      'task_started',
      'user_message',
      'checkpoint_saved',
      'user_message',
      'checkpoint_saved',
      'user_message',
      'checkpoint_saved',
      'task_submitted',
      'config_snapshot_taken',
      'scoring_requested',
    ]);
    expect(page.events.map(({ seq }: { seq: number }) => seq)).toEqual(page.events.map((_: unknown, at: number) => at));
    expect(page.total).toBe(12);
    expect((await events('?include=system&after=8')).events).toHaveLength(3);
    expect(await desk.get(`${candidate.path}/events?include=system`, candidate.token)).toMatchObject(
      refusal(403, 'insufficient_scope'),
    );
  });

  it.each([
    ['type=telepathy', 'type'],
    ['type=session_invited', 'type'],
    ['after=first', 'after'],
    ['after=-1', 'after'],
    ['include=everything', 'include'],
    ['type=user_message&type=ai_response', 'type'],
  ])('refuse_%s', async (query, param) => {
    expect(await desk.get(`${candidate.path}/events?${query}`)).toMatchObject({
      status: 400,
      body: { error: { code: 'invalid_parameter', param } },
    });
  });
});

describe('a session as it stood (W11)', () => {
  const replay = (query: string) => desk.get(`${candidate.path}/replay${query}`);

  it('is_folded_up_to_and_with_a_seq', async () => {
    const { body } = await replay('?at=6');
    expect(body).toMatchObject({ seq: 6, at: '2026-01-01T00:02:00.000Z' });
    expect(body.state).toMatchObject({
      status: 'in_progress',
      eventCount: 2,
      deliverableState: { upTo: 'b' },
      submittedAt: null,
      snapshot: null,
    });
    expect((await replay('?at=0')).body.state.status).toBe('invited');
  });

  it('is_folded_up_to_a_moment', async () => {
    expect((await replay('?atTime=2026-01-01T00:02:59.999Z')).body).toMatchObject({ seq: 6 });
    expect((await replay('?atTime=2026-01-01T00:03:00.000Z')).body).toMatchObject({ seq: 8 });
    expect(await replay('?atTime=2025-12-31T23:59:59.999Z')).toMatchObject(refusal(404, 'not_found'));
  });

  it('is_the_present_without_a_point_or_past_the_end', async () => {
    const present = (await replay('')).body;
    expect(present).toMatchObject({ seq: 11, state: { status: 'submitted', snapshot: { atSeq: 9 } } });
    expect((await replay('?at=999')).body).toEqual(present);
    expect((await replay('?atTime=2030-01-01T00:00:00Z')).body).toEqual(present);
  });

  it.each(['at=-1', 'at=x', 'atTime=yesterday', 'at=1&atTime=2026-01-01T00:00:00Z'])('refuses_%s', async (query) => {
    expect(await replay(`?${query}`)).toMatchObject(refusal(400, 'invalid_parameter'));
  });
});

describe('what leaves the house', () => {
  it('is_the_whole_stream_as_lines_without_a_name_or_a_token (W12)', async () => {
    const { headers, body } = await desk.get(`${candidate.path}/export`, desk.keys.auditor);
    expect(headers['content-type']).toBe('application/x-ndjson; charset=utf-8');
    const lines = body
      .trimEnd()
      .split('\n')
      .map((line: string) => JSON.parse(line));
    expect(lines).toEqual((await events('?include=system')).events);
    for (const secret of [candidate.name, candidate.email, candidate.token]) expect(body).not.toContain(secret);
  });

  it('is_for_a_scorer_sessions_alone_and_for_others_masked_as_their_key_says (W16)', async () => {
    const feed = async (key: string, query = '') => (await desk.get(`/v1/events?limit=1000${query}`, key)).body.events;
    const kinds = async (key: string) => new Set((await feed(key)).map(({ kind }: { kind: string }) => kind));
    expect(await kinds(desk.keys.scorer)).toEqual(new Set(['session']));
    expect(await kinds(desk.keys.auditor)).toEqual(new Set(['session', 'assessment', 'candidate', 'organization']));
    expect(JSON.stringify(await feed(desk.keys.reviewer))).toContain(candidate.email);
    expect(JSON.stringify(await feed(desk.keys.auditor))).not.toContain(candidate.email);
    expect(JSON.stringify(await feed(desk.stranger))).not.toContain(candidate.id);
    expect(await feed(desk.keys.scorer, '&types=task_submitted,task_started')).toHaveLength(2);
  });

  it.each([
    ['types=telepathy', 'invalid_parameter', 'types'],
    ['after=12', 'invalid_cursor', 'after'],
    ['offset=3', 'invalid_parameter', 'offset'],
  ])('is_refused_with_%s (W16)', async (query, code, param) => {
    for (const path of ['/v1/events', '/v1/events/stream'])
      expect(await desk.get(`${path}?${query}`)).toMatchObject({ status: 400, body: { error: { code, param } } });
  });
});
