import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { OpsStore } from '#ops-store';
import { LOG_ID, tryOutApi } from './testing/try-out-api.js';

type Api = Awaited<ReturnType<typeof tryOutApi>>;
type Request = Exclude<Parameters<Api['inject']>[0], string>;

describe('every route', () => {
  let api: Api;
  beforeAll(async () => {
    api = await tryOutApi({ ops: Object.create(OpsStore.prototype) as OpsStore });
  });
  afterAll(() => api.close());

  const ask = async (request: Request & { as?: string; json?: string }) => {
    const { as, json, ...rest } = request;
    const headers = {
      ...(as && { authorization: `Bearer ${as}` }),
      ...(json !== undefined && { 'content-type': 'application/json' }),
      ...request.headers,
    };
    const response = await api.inject({ ...rest, headers, ...(json !== undefined && { payload: json }) });
    return { status: response.statusCode, headers: response.headers, body: response.json<Record<string, unknown>>() };
  };
  const refusal = async (request: Request & { as?: string; json?: string }) => {
    const { status, body } = await ask(request);
    const error = body['error'] as { code: string; param?: string; message: string; details?: object };
    return { status, ...error };
  };
  const post = (body: unknown) => ({
    method: 'POST' as const,
    url: '/try/bodies',
    as: 'gai_admin',
    json: typeof body === 'string' ? body : JSON.stringify(body),
  });

  it('answers errors with exactly the documented body', async () => {
    const { status, headers, body } = await ask({
      url: '/try/list?limit=x',
      as: 'gai_admin',
      headers: { 'x-request-id': 'abc-1' },
    });
    expect(status).toBe(400);
    expect(headers['x-request-id']).toBe('abc-1');
    expect(body).toEqual({
      error: {
        type: 'invalid_request',
        code: 'invalid_parameter',
        message: 'limit must be a whole number.',
        param: 'limit',
        requestId: 'abc-1',
      },
    });
  });

  describe('asks who is calling', () => {
    it.each([
      ['no credential', { url: '/try/list' }, 401, 'unauthenticated'],
      ['an unknown key', { url: '/try/list', as: 'gai_unknown' }, 401, 'invalid_api_key'],
      ['another scheme', { url: '/try/list', headers: { authorization: 'Basic Z2Fp' } }, 401, 'unauthenticated'],
      ['a key in X-API-Key', { url: '/try/list', headers: { 'x-api-key': 'gai_admin' } }, 401, 'unauthenticated'],
      [
        'two headers',
        { url: '/try/list', as: 'gai_admin', headers: { 'x-api-key': 'PST-AAAA-BBBB' } },
        400,
        'invalid_request',
      ],
      ['two in one header', { url: '/try/list', as: 'gai_admin, Bearer gai_owner' }, 400, 'invalid_request'],
      ['a role that is not named', { url: '/try/list', as: 'gai_auditor' }, 403, 'insufficient_scope'],
      ['an admin where an owner is named', { url: '/try/owners', as: 'gai_admin' }, 403, 'insufficient_scope'],
      ['a candidate on a key route', { url: '/try/list', as: 'vst_candidate' }, 403, 'insufficient_scope'],
      ['an owner on a route that names nobody', { url: '/try/undeclared', as: 'gai_owner' }, 403, 'insufficient_scope'],
      [
        'a key on a candidate route',
        { url: '/try/sessions/s-1/submit', method: 'POST' as const, as: 'gai_owner' },
        401,
        'session_token_required',
      ],
      [
        'an admin on a runtime route',
        { url: '/try/sessions/s-1/events', method: 'POST' as const, as: 'gai_admin' },
        403,
        'insufficient_scope',
      ],
      [
        "another candidate's session",
        { url: '/try/sessions/s-2/submit', method: 'POST' as const, as: 'vst_candidate' },
        404,
        'not_found',
      ],
      [
        'an operator route without an operator',
        { url: '/try/operate', method: 'POST' as const, as: 'gai_owner' },
        404,
        'not_found',
      ],
    ])('%s', async (_, request, status, code) => {
      const answer = await ask(request);
      expect(answer).toMatchObject({ status, body: { error: { code } } });
      expect(answer.headers['www-authenticate']).toBe(status === 401 ? 'Bearer' : undefined);
    });

    it.each([
      ['an admin', { url: '/try/list', as: 'gai_admin' }],
      ['an owner where an admin is named', { url: '/try/list', as: 'gai_owner' }],
      [
        'a runtime key beside candidates',
        { url: '/try/sessions/s-9/events', method: 'POST' as const, as: 'gai_runtime' },
      ],
      ['the candidate', { url: '/try/sessions/s-1/submit', method: 'POST' as const, as: 'vst_candidate' }],
      ['anybody, even with a bad key, where it is public', { url: '/try/open', as: 'gai_unknown' }],
    ])('and lets in %s', async (_, request) => {
      expect((await ask(request)).status).toBeLessThan(300);
    });
  });

  describe('refuses hostile bodies', () => {
    const deep = (levels: number) => `{"state":${'{"a":'.repeat(levels)}1${'}'.repeat(levels)}}`;
    it.each([
      ['broken JSON', '{"email": ', 400, 'invalid_json'],
      ['JSON that is too deep', deep(100), 400, 'invalid_json'],
      ['a million brackets', '['.repeat(1_000_000), 400, 'invalid_json'],
      ['__proto__', '{"email":"a@b.co","state":{"__proto__":{"x":1}}}', 400, 'invalid_json'],
      ['an escaped __proto__', '{"state":{"\\u005f_proto__":{}}}', 400, 'invalid_json'],
      ['constructor in a list', '{"phases":[{"constructor":{}}]}', 400, 'invalid_json'],
      ['a list', '[1]', 400, 'invalid_request'],
      ['a bare text', '"x"', 400, 'invalid_request'],
      ['more than the limit', JSON.stringify({ email: 'x'.repeat(1024 * 1024) }), 413, 'payload_too_large'],
    ])('%s', async (_, json, status, code) => {
      expect(await refusal(post(json))).toMatchObject({ status, code });
    });

    it('another content type', async () => {
      const form = { 'content-type': 'application/x-www-form-urlencoded' };
      expect(
        await refusal({ method: 'POST', url: '/try/bodies', as: 'gai_admin', headers: form, payload: 'email=a' }),
      ).toMatchObject({ status: 415, code: 'unsupported_media_type' });
    });

    it('bytes that are no UTF-8', async () => {
      const answer = await refusal({
        method: 'POST',
        url: '/try/bodies',
        as: 'gai_admin',
        headers: { 'content-type': 'application/json' },
        payload: Buffer.from([0x7b, 0x22, 0xff, 0x22, 0x3a, 0x31, 0x7d]),
      });
      expect(answer).toMatchObject({ status: 400, code: 'invalid_json' });
    });

    it('but takes an empty one as {}, depth 100, and more bytes where the route says so', async () => {
      expect(await refusal(post(''))).toMatchObject({ code: 'missing_parameter', param: 'email' });
      const state = JSON.parse(deep(99)) as object;
      expect((await ask(post({ email: 'a@b.co', ...state }))).status).toBe(201);
      const large = { method: 'POST' as const, url: '/try/large', as: 'gai_admin' };
      expect((await ask({ ...large, json: JSON.stringify({ a: 'x'.repeat(1_500_000) }) })).status).toBe(201);
      expect((await ask({ ...large, json: JSON.stringify({ a: 'x'.repeat(2_100_000) }) })).status).toBe(413);
    });
  });

  describe('reads fields', () => {
    const valid = { email: ' Ada@Example.com ' };
    it.each([
      ['email', {}, 'missing_parameter'],
      ['email', { email: null }, 'missing_parameter'],
      ['email', { email: 7 }, 'invalid_parameter'],
      ['email', { email: 'no address' }, 'invalid_parameter'],
      ['email', { email: 'a\0@b.co' }, 'invalid_parameter'],
      ['displayName', { ...valid, displayName: 'A\0B' }, 'invalid_parameter'],
      ['displayName', { ...valid, displayName: '   ' }, 'invalid_parameter'],
      ['display_name', { ...valid, display_name: '\ud800' }, 'invalid_parameter'],
      ['send_email', { ...valid, sendEmail: true, send_email: false }, 'invalid_parameter'],
      ['dueDate', { ...valid, dueDate: 'tomorrow' }, 'invalid_parameter'],
      ['dueDate', { ...valid, dueDate: '2030-02-31T00:00:00Z' }, 'invalid_parameter'],
      ['sendEmail', { ...valid, sendEmail: 'yes' }, 'invalid_parameter'],
      ['candidateEmails', { ...valid, candidateEmails: 'a@b.co' }, 'invalid_parameter'],
      ['candidateEmails', { ...valid, candidateEmails: Array(6).fill(1) }, 'invalid_parameter'],
      ['candidateEmails[2]', { ...valid, candidateEmails: ['a@b.co', 'b@b.co', 3, 'd'] }, 'invalid_parameter'],
      [
        'phases[1].timeMinutes',
        { ...valid, phases: [{ name: 'a', timeMinutes: 1 }, { name: 'b' }] },
        'missing_parameter',
      ],
      ['phases[0].time_minutes', { ...valid, phases: [{ name: 'a', time_minutes: 61 }] }, 'invalid_parameter'],
      ['phases[1]', { ...valid, phases: [{ name: 'a', timeMinutes: 1 }, 3] }, 'invalid_parameter'],
      ['phases[0]', { ...valid, phases: [[]] }, 'invalid_parameter'],
      ['phases', { ...valid, phases: {} }, 'invalid_parameter'],
      ['state', { ...valid, state: [] }, 'invalid_parameter'],
    ])('and names %s in %j', async (param, body, code) => {
      const answer = await refusal(post(body));
      expect(answer).toMatchObject({ status: 400, code, param });
      expect(answer.message).toContain(param);
    });

    it('in either spelling, ignores unknown ones, and keeps free JSON as it was sent', async () => {
      const state = { prototypes: 1, 'a b': [null, '\ud800', { toString: 'x' }] };
      const sent = { ...valid, send_email: false, dueDate: null, nickname: 'x', state };
      const { status, body } = await ask(post(sent));
      expect(status).toBe(201);
      expect(body['body']).toEqual({ ...valid, sendEmail: false, dueDate: null, state });
    });
  });

  describe('reads queries', () => {
    it.each([
      ['limit=0&offset=-3', { limit: 1, offset: 0 }],
      ['limit=99999999999999999999', { limit: 100, offset: 0 }],
      ['colour=red&loud=true&after=abc', { limit: 20, offset: 0, colour: 'red', loud: true, after: 'abc' }],
    ])('%s within its bounds', async (query, expected) => {
      expect(await ask({ url: `/try/list?${query}`, as: 'gai_admin' })).toMatchObject({ status: 200, body: expected });
    });

    it.each([
      ['limit=abc', 'limit'],
      ['limit=1.5', 'limit'],
      ['limit=', 'limit'],
      ['limit=1&limit=2', 'limit'],
      ['limit[]=1', 'limit[]'],
      ['filter[status]=x', 'filter[status]'],
      ['colour=blue', 'colour'],
      ['colour=', 'colour'],
      ['loud=1', 'loud'],
      ['__proto__=1', '__proto__'],
      ['unknown=1', 'unknown'],
    ])('and refuses %s', async (query, param) => {
      const answer = await refusal({ url: `/try/list?${query}`, as: 'gai_admin' });
      expect(answer).toMatchObject({ status: 400, code: 'invalid_parameter', param });
    });

    it('lists what an enumeration allows', async () => {
      expect((await refusal({ url: '/try/list?colour=blue', as: 'gai_admin' })).message).toContain('red, green');
    });

    it('also where a route takes none', async () => {
      expect(await refusal({ url: '/try/open?x=1' })).toMatchObject({ status: 400, param: 'x' });
    });
  });

  describe('stands hostile addresses', () => {
    it.each([
      ['GET', '/nowhere', 404, 'not_found'],
      ['PUT', '/try/list', 405, 'method_not_allowed'],
      ['GET', '/try/things/x', 405, 'method_not_allowed'],
      ['DELETE', '/try/things/%00', 404, 'not_found'],
      ['DELETE', '/try/things/..%2f..%2fetc', 404, 'not_found'],
      ['DELETE', `/try/things/${'x'.repeat(600)}`, 414, 'uri_too_long'],
      ['DELETE', '/try/things/%ED%A0%80', 400, 'invalid_request'],
      ['GET', '/try/%', 400, 'invalid_request'],
    ] as const)('%s %s', async (method, url, status, code) => {
      const answer = await ask({ method, url, as: 'gai_admin' });
      expect(answer).toMatchObject({ status, body: { error: { code } } });
      expect(answer.headers['x-request-id']).toBe((answer.body['error'] as { requestId: string }).requestId);
    });
  });

  describe('explains trouble', () => {
    const trouble = (kind: string) => ask({ method: 'POST', url: `/try/trouble/${kind}`, as: 'gai_admin' });

    it('with what is allowed, for a conflict', async () => {
      expect(await trouble('conflict')).toMatchObject({
        status: 409,
        body: { error: { type: 'conflict', code: 'phase_conflict', details: { currentPhaseIndex: 1 } } },
      });
    });

    it('with used and quota at the top, as the reference shows them', async () => {
      expect(await trouble('quota')).toMatchObject({ status: 403, body: { used: 3, quota: 3 } });
    });

    it('with Retry-After and no path, for storage', async () => {
      const answer = await trouble('full');
      expect(answer).toMatchObject({ status: 503, body: { error: { code: 'storage_unavailable' } } });
      expect(Number(answer.headers['retry-after'])).toBeGreaterThan(0);
      expect(JSON.stringify(answer.body)).not.toContain('/var/data');
      expect((await trouble('lagging')).headers['retry-after']).toBe('2');
    });

    it('without any detail, when it is ours', async () => {
      const answer = await trouble('bug');
      expect(answer).toMatchObject({ status: 500, body: { error: { code: 'internal_error', type: 'server' } } });
      expect(JSON.stringify(answer.body)).not.toContain('Secret detail');
    });
  });

  it('gives the handler one context: who, when it was received, and a correlation id that holds no free text', async () => {
    const request = post({ email: 'a@b.co' });
    const before = Date.now();
    const { body } = await ask({ ...request, headers: { 'x-request-id': 'jane@example.com' } });
    const context = body['context'] as { actor: object; receivedAt: number; correlationId: string };
    expect(context.actor).toEqual({ kind: 'key', id: 'k-admin', via: 'reviewer' });
    expect(context.receivedAt).toBeGreaterThanOrEqual(before);
    expect(context.correlationId).toMatch(/^[0-9a-f-]{36}$/);
  });

  it('answers a write with its position, and lets a read ask for what it knows', async () => {
    const written = await ask({ method: 'POST', url: '/try/write', as: 'gai_admin' });
    const position = String(written.headers['x-verbatim-position']);
    expect(position).toBe(`${LOG_ID}.42`);
    const read = (value?: string) =>
      ask({ url: '/try/position', as: 'gai_admin', headers: value ? { 'x-verbatim-position': value } : {} });
    expect((await Promise.all([read(position), read()])).map(({ body }) => body['wanted'])).toEqual(['42', '0']);
    expect(await read('7')).toMatchObject({ status: 400, body: { error: { code: 'invalid_cursor' } } });
  });

  it('sends security headers, and CORS to the workspace alone', async () => {
    const { headers } = await ask({ url: '/try/open', headers: { origin: 'http://127.0.0.1:3000' } });
    expect(headers).toMatchObject({
      'access-control-allow-origin': 'http://127.0.0.1:3000',
      'content-security-policy': "default-src 'none';frame-ancestors 'none'",
      'x-content-type-options': 'nosniff',
      'cache-control': 'no-store',
    });
    expect((await ask({ url: '/try/open', headers: { origin: 'https://evil.example' } })).headers).not.toHaveProperty(
      'access-control-allow-origin',
    );
  });

  it('answers a preflight of the workspace for every method there is', async () => {
    const preflight = await api.inject({
      method: 'OPTIONS',
      url: '/try/things/x',
      headers: {
        origin: 'http://127.0.0.1:3000',
        'access-control-request-method': 'DELETE',
        'access-control-request-headers': 'authorization,idempotency-key',
      },
    });
    expect(preflight.statusCode).toBe(204);
    expect(preflight.headers).toMatchObject({
      'access-control-allow-methods': 'GET, HEAD, POST, PATCH, DELETE',
      'access-control-allow-headers': 'authorization,idempotency-key',
    });
  });
});
