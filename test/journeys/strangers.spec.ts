import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { Caller } from '../support/caller.js';
import { type AtWork, atWork, message, newAssessment } from '../support/candidate.js';
import { refusalOf } from '../support/refusal.js';
import { endAll, OWNER_KEY, Server } from '../support/server.js';

const OPERATOR = 'operator-token-of-the-strangers-spec-0123456789';
const NOBODYS = '0190c5a1-4c1f-7000-8000-000000000001';

/** Every route that names something, with a body that would be taken. */
const NAMED: readonly (readonly [method: string, path: string, body: object | undefined])[] = [
  ['GET', '/api/assessments/{assessment}', undefined],
  ['PATCH', '/api/assessments/{assessment}', { name: 'Taken over' }],
  ['DELETE', '/api/assessments/{assessment}', undefined],
  ['POST', '/api/assessments/{assessment}/invite', { email: 'mine@example.com' }],
  ['PATCH', '/api/candidates/{candidate}', { name: 'Taken over' }],
  ['DELETE', '/api/candidates/{candidate}', undefined],
  ['DELETE', '/api/api-keys/{key}', undefined],
  ['GET', '/api/sessions/{session}', undefined],
  ['PATCH', '/api/sessions/{session}', { addMinutes: 5 }],
  ['POST', '/api/sessions/{session}/cancel', { reason: 'Not mine.' }],
  ['GET', '/api/sessions/{session}/events', undefined],
  ['GET', '/api/sessions/{session}/stream', undefined],
  ['GET', '/api/sessions/{session}/replay', undefined],
  ['GET', '/api/sessions/{session}/export', undefined],
  ['DELETE', '/api/sessions/{session}', undefined],
];

describe('strangers and their credentials', () => {
  let server: Server;
  let stranger: Caller;
  let strangerRuntime: Caller;
  let mine: Record<string, string>;
  let candidate: AtWork;

  beforeAll(async () => {
    server = await Server.start({ env: { VERBATIM_OPERATOR_TOKEN: OPERATOR } });
    const made = await server.as(OPERATOR).post('/api/organizations', { name: 'Strangers' });
    expect(made.status).toBe(201);
    stranger = server.as(made.body.key);
    strangerRuntime = server.as((await stranger.post('/api/api-keys', { name: 'rt', role: 'runtime' })).body.key);
    const assessment = await newAssessment(server.owner);
    candidate = await atWork(server, assessment, 'mine@example.com');
    const { session } = (await server.owner.get(`/api/sessions/${candidate.sessionId}`)).body;
    const { apiKey } = (await server.owner.post('/api/api-keys', { name: 'spare', role: 'reviewer' })).body;
    mine = { assessment, session: session.id, candidate: session.candidateId, key: apiKey.id };
  });

  afterAll(endAll);

  const named = (path: string, ids: (name: string) => string) =>
    path.replace(/\{(\w+)\}/, (_, name: string) => ids(name));

  it.each(NAMED)('%s %s of another organization cannot be told from what never was', async (method, path, body) => {
    const theirs = await stranger.send(
      method,
      named(path, (name) => mine[name]!),
      body,
    );
    const nobodys = await stranger.send(
      method,
      named(path, () => NOBODYS),
      body,
    );
    const noId = await stranger.send(
      method,
      named(path, () => 'no-id_at-all'),
      body,
    );
    for (const answer of [theirs, nobodys, noId]) expect(refusalOf(answer)).toEqual([404, 'not_found']);
    const { requestId: _, ...said } = theirs.body.error;
    expect(nobodys.body.error).toMatchObject(said);
  });

  it('another_organizations_runtime_writes_nothing', async () => {
    const path = `/api/sessions/${mine['session']}/events`;
    expect(refusalOf(await strangerRuntime.post(path, { events: [message('foreign')] }))).toEqual([404, 'not_found']);
  });

  it('after_all_of_that_everything_of_mine_is_as_it_was', async () => {
    const { session } = (await server.owner.get(`/api/sessions/${mine['session']}`)).body;
    expect(session).toMatchObject({
      status: 'in_progress',
      candidateName: 'mine',
      assessmentName: 'Senior PM Assessment',
    });
    expect((await server.owner.get('/api/api-keys')).body.apiKeys).toHaveLength(2);
    expect((await server.owner.get(`/api/sessions/${mine['session']}/events`)).body.total).toBe(0);
  });

  it.each(['/api/sessions', '/api/assessments', '/api/candidates', '/api/outbox'])(
    'GET %s shows a stranger nothing, also by filter and cursor of mine',
    async (path) => {
      const cursor = (await server.owner.get(`${path}?limit=1`)).body.nextCursor;
      expect((await stranger.get(path)).body.total).toBe(0);
      if (typeof cursor === 'string')
        expect((await stranger.get(`${path}?after=${encodeURIComponent(cursor)}`)).body).toMatchObject({ total: 0 });
      if (path === '/api/sessions')
        expect((await stranger.get(`${path}?assessmentId=${mine['assessment']}`)).body.total).toBe(0);
    },
  );

  it('the_feed_of_a_stranger_holds_its_own_organization_alone', async () => {
    const { events } = (await stranger.get('/v1/events?limit=1000')).body;
    expect(new Set(events.map(({ kind }: { kind: string }) => kind))).toEqual(new Set(['organization']));
    expect(JSON.stringify(events)).not.toContain(mine['session']);
  });

  const wrongs = (): readonly (readonly [string, Record<string, string>, number, string])[] => [
    ['no credential', {}, 401, 'unauthenticated'],
    ['an empty one', { authorization: '' }, 401, 'unauthenticated'],
    ['Bearer alone', { authorization: 'Bearer' }, 401, 'unauthenticated'],
    ['Basic', { authorization: `Basic ${btoa(`x:${OWNER_KEY}`)}` }, 401, 'unauthenticated'],
    ['a key of no known kind', { authorization: 'Bearer sk-1234567890' }, 401, 'unauthenticated'],
    ['a key that was never made', { authorization: `Bearer gai_${'x'.repeat(43)}` }, 401, 'invalid_api_key'],
    ['half a key', { authorization: `Bearer ${OWNER_KEY.slice(0, -1)}` }, 401, 'invalid_api_key'],
    ['a key with a blank in it', { authorization: `Bearer ${OWNER_KEY} x` }, 401, 'unauthenticated'],
    [
      'a forged session token',
      { authorization: `Bearer ${candidate.token.slice(0, -4)}AAAA` },
      401,
      'session_token_invalid',
    ],
    ['a key as X-API-Key', { 'x-api-key': OWNER_KEY }, 401, 'unauthenticated'],
    ['a key in two headers', { authorization: `Bearer ${OWNER_KEY}`, 'x-api-key': OWNER_KEY }, 400, 'invalid_request'],
    ['two keys in one', { authorization: `Bearer ${OWNER_KEY}, Bearer ${OWNER_KEY}` }, 400, 'invalid_request'],
    ['a huge one', { authorization: `Bearer gai_${'x'.repeat(5000)}` }, 401, 'unauthenticated'],
  ];

  it('a_credential_that_does_not_hold_opens_nothing', async () => {
    for (const [what, headers, status, code] of wrongs()) {
      const answer = await server.as(undefined).get('/api/sessions', headers);
      expect({ what, refusal: refusalOf(answer) }).toEqual({ what, refusal: [status, code] });
    }
  });

  it('a_bad_credential_does_not_close_what_is_open_to_everybody', async () => {
    const answer = await server.as('gai_wrong').get('/health/live');
    expect(answer.status).toBe(200);
  });

  it('a_revoked_key_and_an_expired_one_say_so_at_once', async () => {
    const { apiKey, key } = (await server.owner.post('/api/api-keys', { name: 'brief', role: 'reviewer' })).body;
    expect((await server.as(key).get('/api/sessions')).status).toBe(200);
    expect((await server.owner.delete(`/api/api-keys/${apiKey.id}`)).body).toEqual({ ok: true });
    expect(refusalOf(await server.as(key).get('/api/sessions'))).toEqual([401, 'key_revoked']);
    const soon = new Date(Date.now() + 700).toISOString();
    const brief = await server.owner.post('/api/api-keys', { name: 'soon over', role: 'reviewer', expiresAt: soon });
    await new Promise((resolve) => setTimeout(resolve, 900));
    expect(refusalOf(await server.as(brief.body.key).get('/api/sessions'))).toEqual([401, 'key_expired']);
  });

  it('keys_and_session_tokens_are_not_taken_for_each_other', async () => {
    const path = `/api/sessions/${candidate.sessionId}`;
    for (const way of ['advance-phase', 'checkpoint', 'submit', 'open', 'start'])
      expect(refusalOf(await server.owner.post(`${path}/${way}`, {}))).toEqual([401, 'session_token_required']);
    expect(refusalOf(await server.owner.get('/api/candidate/session'))).toEqual([401, 'session_token_required']);
    expect(refusalOf(await candidate.workspace.get('/api/sessions'))).toEqual([403, 'insufficient_scope']);
    expect(refusalOf(await candidate.workspace.delete(path))).toEqual([403, 'insufficient_scope']);
    expect(refusalOf(await server.owner.post('/api/organizations', { name: 'Mine' }))).toEqual([
      403,
      'insufficient_scope',
    ]);
  });

  it('the_log_of_the_server_holds_no_credential_no_name_and_nothing_that_was_said', async () => {
    await candidate.workspace.post(`/api/sessions/${candidate.sessionId}/events`, {
      events: [message('secret', 'the unspeakable content')],
    });
    await server.as(undefined).get(`/s/${candidate.token}`);
    await server.as(undefined).get(`/api/sessions?token=${candidate.token}&key=${OWNER_KEY}`);
    await server.as(undefined).get(`/api/sessions/${OWNER_KEY}`);
    await server.owner.send('POST', '/api/assessments', `{"name":"the unspeakable content", broken ${OWNER_KEY}`);
    expect(server.printed).toContain('"path":"/s/[token]"');
    // The start told where it listens and the owner's key, once, to whoever started it; requests come after.
    const requests = server.printed.slice(server.printed.indexOf('"message":"request"'));
    for (const told of [OWNER_KEY, OPERATOR, candidate.token, 'unspeakable', 'mine@example.com'])
      expect({ told, stands: requests.includes(told) }).toEqual({ told, stands: false });
  });
});
