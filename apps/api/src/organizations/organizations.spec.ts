import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { OWNER_KEY, TestApi } from '../testing/test-api.js';

const OPERATOR = 'operator-token-of-the-specs-0123456789';
const ISO = expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/);
let api: TestApi;

beforeAll(async () => {
  api = await TestApi.whole({ VERBATIM_OPERATOR_TOKEN: OPERATOR });
});

afterAll(() => api.close());

const issue = async (body: object, credential = OWNER_KEY) => api.ask('POST', '/api/api-keys', body, credential);
const error = (code: string, param?: string) => ({
  error: expect.objectContaining(param ? { code, param } : { code }),
});

describe('API keys (W15)', () => {
  it('are shown once, when they are made', async () => {
    const made = await issue({ name: 'CI', role: 'reviewer', expires_at: '2030-01-01T00:00:00Z' });
    expect(made).toMatchObject({ status: 201 });
    expect(made.body).toEqual({
      key: expect.stringMatching(/^gai_[A-Za-z0-9_-]{32,}$/),
      apiKey: {
        id: expect.any(String),
        orgId: expect.any(String),
        name: 'CI',
        role: 'reviewer',
        keyPrefix: made.body.key.slice(0, 12),
        pii: false,
        expiresAt: '2030-01-01T00:00:00.000Z',
        lastUsedAt: null,
        createdBy: expect.any(String),
        createdAt: ISO,
        isActive: true,
      },
    });
    const listed = await api.ask('GET', '/api/api-keys');
    expect(listed.body.apiKeys).toContainEqual(made.body.apiKey);
    expect(JSON.stringify(listed.body)).not.toContain(made.body.key);
  });

  it('stop working at once when they are deleted, and are gone then', async () => {
    const { body } = await issue({ name: 'Short lived' });
    const path = `/api/api-keys/${body.apiKey.id}`;
    expect((await api.ask('GET', '/api/organization', undefined, body.key)).status).toBe(200);
    expect(await api.ask('DELETE', path)).toMatchObject({ status: 200, body: { ok: true } });
    expect(await api.ask('GET', '/api/organization', undefined, body.key)).toMatchObject({
      status: 401,
      body: error('key_revoked'),
    });
    expect(await api.ask('DELETE', path)).toMatchObject({ status: 404, body: error('not_found') });
  });

  it('are made by owners and admins alone, and an admin makes no owner', async () => {
    const [admin, reviewer] = await Promise.all([issue({ name: 'A' }), issue({ name: 'R', role: 'reviewer' })]);
    expect((await issue({ name: 'By an admin', role: 'auditor' }, admin.body.key)).status).toBe(201);
    for (const [role, key] of [
      ['owner', admin.body.key],
      ['auditor', reviewer.body.key],
    ])
      expect(await issue({ name: 'Refused', role }, key)).toMatchObject({
        status: 403,
        body: error('insufficient_scope'),
      });
  });

  it('keep the last owner in', async () => {
    const { body } = await api.ask('GET', '/api/api-keys');
    const owner = body.apiKeys.find(({ role }: { role: string }) => role === 'owner');
    const refused = await api.ask('DELETE', `/api/api-keys/${owner.id}`);
    expect(refused).toMatchObject({ status: 409, body: error('last_owner_key') });
    expect((await api.ask('GET', '/api/organization')).status).toBe(200);
  });

  it.each([
    [{}, 'missing_parameter', 'name'],
    [{ name: '\u0000' }, 'invalid_parameter', 'name'],
    [{ name: 'x', role: 'king' }, 'invalid_parameter', 'role'],
    [{ name: 'x', expiresAt: '2020-01-01T00:00:00Z' }, 'invalid_parameter', 'expiresAt'],
    [{ name: 'x', expiresAt: '2030-02-31T00:00:00Z' }, 'invalid_parameter', 'expiresAt'],
    [{ name: 'x', pii: 'yes' }, 'invalid_parameter', 'pii'],
    [
      { name: 'x', expiresAt: '2030-01-01T00:00:00Z', expires_at: '2031-01-01T00:00:00Z' },
      'invalid_parameter',
      'expires_at',
    ],
  ])('are refused for %j', async (body, code, param) => {
    expect(await issue(body)).toMatchObject({ status: 400, body: error(code, param) });
  });
});

describe('the organization (W17)', () => {
  it('is shown and changed', async () => {
    const { body } = await api.ask('GET', '/api/organization');
    expect(body).toEqual({
      organization: {
        id: expect.any(String),
        name: 'My organization',
        subscription: 'active',
        monthlyAssessmentQuota: null,
        createdAt: ISO,
      },
    });
    const changes = { name: 'Acme', subscription: 'inactive', monthly_assessment_quota: 3 };
    const changed = { ...body.organization, name: 'Acme', subscription: 'inactive', monthlyAssessmentQuota: 3 };
    const answer = await api.ask('PATCH', '/api/organization', changes);
    expect(answer).toMatchObject({ status: 200, body: { organization: changed } });
    expect((await api.ask('GET', '/api/organization')).body).toEqual({ organization: changed });
    const lifted = await api.ask('PATCH', '/api/organization', { monthlyAssessmentQuota: null });
    expect(lifted.body).toEqual({ organization: { ...changed, monthlyAssessmentQuota: null } });
  });

  it.each([
    [{ name: '' }, 'name'],
    [{ subscription: 'gold' }, 'subscription'],
    [{ monthlyAssessmentQuota: -1 }, 'monthlyAssessmentQuota'],
    [{ monthlyAssessmentQuota: 1.5 }, 'monthlyAssessmentQuota'],
  ])('refuses %j', async (body, param) => {
    const refused = await api.ask('PATCH', '/api/organization', body);
    expect(refused).toMatchObject({ status: 400, body: error('invalid_parameter', param) });
  });
});

describe('founding an organization (W18)', () => {
  it('is for the operator: the owner key it answers opens the new organization alone', async () => {
    const founded = await api.ask('POST', '/api/organizations', { name: 'Globex' }, OPERATOR);
    expect(founded).toMatchObject({ status: 201, body: { organization: { name: 'Globex' } } });
    const own = await api.ask('GET', '/api/organization', undefined, founded.body.key);
    expect(own.body).toEqual({ organization: founded.body.organization });
    const theirs = await api.ask('GET', '/api/api-keys');
    const [key] = theirs.body.apiKeys;
    const stolen = await api.ask('DELETE', `/api/api-keys/${key.id}`, undefined, founded.body.key);
    expect(stolen).toMatchObject({ status: 404, body: error('not_found') });
  });

  it('is refused to owners, and to strangers', async () => {
    const owner = await api.ask('POST', '/api/organizations', { name: 'Mine' });
    expect(owner).toMatchObject({ status: 403, body: error('insufficient_scope') });
    const stranger = await api.ask('POST', '/api/organizations', { name: 'Mine' }, null);
    expect(stranger).toMatchObject({ status: 401, body: error('unauthenticated') });
  });

  it('is not there while no operator token is set', async () => {
    const closed = await TestApi.whole();
    const answer = await closed.ask('POST', '/api/organizations', { name: 'Mine' });
    expect(answer).toMatchObject({ status: 404, body: error('not_found') });
    await closed.close();
  });
});
