import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { OpsStore } from '#ops-store';
import { asking } from './testing/asking.js';
import { LOG_ID, tryOutApi } from './testing/try-out-api.js';

type Api = Awaited<ReturnType<typeof tryOutApi>>;

describe('every route', () => {
  let api: Api;
  beforeAll(async () => {
    api = await tryOutApi({ ops: Object.create(OpsStore.prototype) as OpsStore });
  });
  afterAll(() => api.close());

  const { ask, post } = asking(() => api);

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
    // A position that is not there yet would keep the reader waiting for nothing.
    for (const wrong of ['7', `${LOG_ID}.43`])
      expect(await read(wrong)).toMatchObject({ status: 400, body: { error: { code: 'invalid_cursor' } } });
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
