import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { type AtWork, allEvents, atWork, message, newAssessment } from '../support/candidate.js';
import { refusalOf } from '../support/refusal.js';
import { endAll, OWNER_KEY, Server } from '../support/server.js';

const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

describe('HTTP manners', () => {
  let server: Server;
  let assessmentId: string;
  let candidate: AtWork;

  beforeAll(async () => {
    server = await Server.start({ env: { VERBATIM_CORS_ORIGINS: 'https://work.example.com' } });
    assessmentId = await newAssessment(server.owner);
    candidate = await atWork(server, assessmentId, 'manners@example.com');
  });

  afterAll(endAll);

  const key = (value: string) => ({ 'idempotency-key': value });

  it('a_request_id_is_echoed_when_it_can_be_one_and_made_when_not', async () => {
    const echoed = async (id: string) =>
      (await server.owner.get('/api/organization', { 'x-request-id': id })).headers.get('x-request-id');
    expect(await echoed('order-4711:retry=2')).toBe('order-4711:retry=2');
    for (const odd of ['', 'two words', '<script>', 'x'.repeat(129)]) expect(await echoed(odd)).toMatch(UUID);
  });

  it('a_post_is_done_once_under_its_key_and_answered_alike_each_time', async () => {
    const wish = { name: 'Once' };
    const [first, ...others] = await Promise.all(
      Array.from({ length: 8 }, () => server.owner.post('/api/assessments', wish, key('once'))),
    );
    for (const answer of [first!, ...others])
      if (answer.status !== 201) {
        expect(refusalOf(answer)).toEqual([409, 'idempotency_key_in_use']);
        expect(Number(answer.headers.get('retry-after'))).toBeGreaterThan(0);
      }
    const again = await server.owner.post('/api/assessments', wish, key('once'));
    expect([again.status, again.headers.get('idempotency-replayed')]).toEqual([201, 'true']);
    const { assessments } = (await server.owner.get('/api/assessments?limit=100')).body;
    expect(assessments.filter(({ name }: { name: string }) => name === 'Once')).toEqual([again.body.assessment]);
  });

  it('a_key_is_not_taken_for_another_request_nor_spent_on_one_that_was_malformed', async () => {
    expect(refusalOf(await server.owner.post('/api/assessments', { name: '' }, key('typo')))).toEqual([
      400,
      'invalid_parameter',
      'name',
    ]);
    expect((await server.owner.post('/api/assessments', { name: 'Mended' }, key('typo'))).status).toBe(201);
    const reused = await server.owner.post('/api/assessments', { name: 'Another' }, key('typo'));
    expect(refusalOf(reused)).toEqual([409, 'idempotency_key_reuse']);
    for (const odd of ['x'.repeat(256), 'tab\there'])
      expect(refusalOf(await server.owner.post('/api/assessments', { name: 'n' }, key(odd)))).toEqual([
        400,
        'invalid_parameter',
        'Idempotency-Key',
      ]);
  });

  it('a_secret_shown_once_is_shown_again_to_the_same_key_and_to_nobody_else', async () => {
    const wish = { name: 'sealed', role: 'admin' };
    const made = await server.owner.post('/api/api-keys', wish, key('secret'));
    expect((await server.owner.post('/api/api-keys', wish, key('secret'))).body).toEqual(made.body);
    const other = await server.as(made.body.key).post('/api/api-keys', wish, key('secret'));
    expect(other.body.key).not.toBe(made.body.key);
  });

  it('the_candidate_retries_advance_with_a_key_and_leaves_one_phase', async () => {
    const phases = ['A', 'B', 'C'].map((name) => ({ name, timeMinutes: 10 }));
    const one = await atWork(server, await newAssessment(server.owner, { phases }), 'retries@example.com');
    const advance = () => one.workspace.post(`/api/sessions/${one.sessionId}/advance-phase`, {}, key('leave A'));
    expect([(await advance()).body, (await advance()).body]).toEqual(Array(2).fill({ ok: true, newPhaseIndex: 1 }));
    expect(await allEvents(server.owner, one.sessionId, '&type=phase_advanced')).toHaveLength(1);
  });

  it('head_answers_like_get_without_a_body_and_a_stream_ends_at_once', async () => {
    const session = `/api/sessions/${candidate.sessionId}`;
    for (const path of ['/api/sessions', session, '/health/live', `${session}/stream`, '/v1/events/stream']) {
      const { status, body } = await server.owner.send('HEAD', path);
      expect({ path, status, body }).toEqual({ path, status: 200, body: '' });
    }
    expect((await server.as(undefined).send('HEAD', '/api/sessions')).status).toBe(401);
    expect((await server.owner.send('HEAD', '/api/sessions/none')).status).toBe(404);
  });

  it('browsers_of_the_named_origin_may_call_and_no_others', async () => {
    const preflight = (origin: string) =>
      server.as(undefined).send('OPTIONS', `/api/sessions/${candidate.sessionId}/events`, undefined, {
        origin,
        'access-control-request-method': 'POST',
        'access-control-request-headers': 'authorization,content-type,idempotency-key',
      });
    const allowed = await preflight('https://work.example.com');
    expect([allowed.status, allowed.headers.get('access-control-allow-origin')]).toEqual([
      204,
      'https://work.example.com',
    ]);
    expect(allowed.headers.get('access-control-allow-methods')).toContain('POST');
    expect(allowed.headers.get('access-control-allow-headers')).toContain('idempotency-key');
    expect(allowed.headers.get('access-control-allow-credentials')).toBeNull();
    for (const origin of ['https://evil.example', 'https://work.example.com.evil.example', 'null'])
      expect((await preflight(origin)).headers.get('access-control-allow-origin')).toBeNull();
    const refused = await server.as(undefined).get('/api/sessions', { origin: 'https://work.example.com' });
    expect([refused.status, refused.headers.get('access-control-allow-origin')]).toEqual([
      401,
      'https://work.example.com',
    ]);
    expect(refused.headers.get('vary')).toContain('Origin');
  });

  it('every_answer_forbids_caching_sniffing_and_framing', async () => {
    for (const path of ['/api/sessions', '/api/nothing', `/s/${candidate.token}`, '/openapi.json', '/health/live']) {
      const { headers } = await server.owner.get(path);
      expect({ path, options: headers.get('x-content-type-options') }).toEqual({ path, options: 'nosniff' });
      expect(headers.get('cache-control')).toBe('no-store');
      expect(headers.get('content-security-policy')).toContain("default-src 'none'");
      expect(headers.get('x-powered-by')).toBeNull();
    }
  });

  it('a_position_is_read_back_and_one_that_cannot_be_is_refused_at_once', async () => {
    const written = await server.owner.post('/api/assessments', { name: 'Positioned' });
    const position = written.headers.get('x-verbatim-position')!;
    expect((await server.owner.get('/api/assessments', { 'x-verbatim-position': position })).status).toBe(200);
    for (const odd of ['7', `${position}0000`, `${position.split('.')[0]}.9999999999999999999`])
      expect(refusalOf(await server.owner.get('/api/assessments', { 'x-verbatim-position': odd }))).toEqual([
        400,
        'invalid_cursor',
        'X-Verbatim-Position',
      ]);
  });

  it('metrics_and_health_are_open_on_this_machine_and_name_no_organization_and_no_session', async () => {
    const metrics = await server.as(undefined).get('/metrics');
    expect(metrics.status).toBe(200);
    for (const told of [candidate.sessionId, candidate.token, OWNER_KEY, 'manners@example.com'])
      expect(metrics.body).not.toContain(told);
    const forwarded = await server.as(undefined).get('/metrics', { 'x-forwarded-for': '203.0.113.9' });
    expect(refusalOf(forwarded)).toEqual([404, 'not_found']);
    expect((await server.as(undefined).get('/health/ready')).body).toMatchObject({ status: 'ready' });
  });

  it('rate_limits_are_on_by_default_and_say_when_to_come_back', async () => {
    const limited = await Server.start({ env: { VERBATIM_RATE_LIMIT: '' } });
    const burst = await Promise.all(Array.from({ length: 300 }, () => limited.owner.get('/api/organization')));
    const refused = burst.filter(({ status }) => status === 429);
    expect(burst.filter(({ status }) => status === 200).length).toBeGreaterThanOrEqual(200);
    expect(refused.length).toBeGreaterThan(0);
    for (const answer of refused) {
      expect(refusalOf(answer)).toEqual([429, 'rate_limited']);
      expect(Number(answer.headers.get('retry-after'))).toBeGreaterThanOrEqual(1);
      expect(answer.headers.get('ratelimit-limit')).toBe('600');
      expect(answer.headers.get('ratelimit-remaining')).toBe('0');
    }
    const strangers = await Promise.all(
      Array.from({ length: 70 }, (_, at) => limited.as(`gai_guess-number-${at}-0123456789abcdef`).get('/api/sessions')),
    );
    expect(strangers.filter(({ status }) => status === 401)).toHaveLength(60);
    expect(strangers.filter(({ status }) => status === 429)).toHaveLength(10);
    expect((await limited.as(undefined).get('/health/live')).status).toBe(200);
    await limited.kill();
  });

  it('a_retried_batch_under_a_key_and_one_without_are_stored_once', async () => {
    const path = `/api/sessions/${candidate.sessionId}/events`;
    const events = [message('kept-once')];
    const first = await candidate.workspace.post(path, { events }, key('batch'));
    const replayed = await candidate.workspace.post(path, { events }, key('batch'));
    expect(replayed.body).toEqual(first.body);
    expect((await candidate.workspace.post(path, { events })).body.duplicates).toEqual(['kept-once']);
    expect(await allEvents(server.owner, candidate.sessionId)).toHaveLength(1);
  });
});
