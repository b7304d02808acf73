import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { OpsStore } from '#ops-store';
import { tryOutApi } from './testing/try-out-api.js';

type Api = Awaited<ReturnType<typeof tryOutApi>>;

describe('rate limits', () => {
  let api: Api;
  beforeAll(async () => {
    api = await tryOutApi({
      ops: Object.create(OpsStore.prototype) as OpsStore,
      environment: { VERBATIM_RATE_LIMIT: 'on' },
      rateLimits: { credential: { perMinute: 60, burst: 4 }, address: { perMinute: 3 } },
    });
  });
  afterAll(() => api.close());

  const ask = (as?: string, url = '/try/list', remoteAddress = '198.51.100.7') =>
    api.inject({ url, remoteAddress, headers: as ? { authorization: `Bearer ${as}` } : {} });

  it('lets a credential burst beyond its steady rate, then answers 429 with when to come back', async () => {
    const answers = [];
    for (let round = 0; round < 8; round += 1) answers.push(await ask('gai_admin'));
    const statuses = answers.map(({ statusCode }) => statusCode);
    // One a second is steady and four are the burst; should the second turn meanwhile, it is one more.
    const passed = statuses.filter((status) => status === 200).length;
    expect(passed).toBeGreaterThanOrEqual(5);
    expect(passed).toBeLessThanOrEqual(6);
    const refused = answers.at(-1)!;
    expect(refused.json()).toMatchObject({ error: { type: 'rate_limit', code: 'rate_limited' } });
    expect(refused.headers).toMatchObject({
      'retry-after': '1',
      'ratelimit-limit': '60',
      'ratelimit-remaining': '0',
      'ratelimit-policy': '60;w=60;burst=4',
    });
  });

  it('is counted for each credential by itself', async () => {
    expect((await ask('gai_owner')).statusCode).toBe(200);
  });

  it('is counted by address where no credential holds: missing and wrong ones share it, others are untouched', async () => {
    const statuses = [];
    for (const as of [undefined, 'gai_wrong', undefined, 'gai_wronger'])
      statuses.push((await ask(as, '/try/list', '203.0.113.9')).statusCode);
    expect(statuses).toEqual([401, 401, 401, 429]);
    expect((await ask(undefined, '/try/list', '203.0.113.10')).statusCode).toBe(401);
    expect((await ask('gai_runtime', '/try/list', '203.0.113.9')).statusCode).toBe(403);
  });
});

describe('behind a proxy', () => {
  const statusesFrom = async (trustProxy: string) => {
    const api = await tryOutApi({
      ops: Object.create(OpsStore.prototype) as OpsStore,
      environment: { VERBATIM_RATE_LIMIT: 'on', VERBATIM_TRUST_PROXY: trustProxy },
      rateLimits: { credential: { perMinute: 60, burst: 4 }, address: { perMinute: 1 } },
    });
    const statuses = [];
    for (const client of ['192.0.2.1', '192.0.2.2'])
      statuses.push((await api.inject({ url: '/try/open', headers: { 'x-forwarded-for': client } })).statusCode);
    await api.close();
    return statuses;
  };

  it('the address it tells counts, when it was named as trusted', async () => {
    expect(await statusesFrom('1')).toEqual([200, 200]);
  });

  it('a caller cannot invent addresses when none was named', async () => {
    expect(await statusesFrom('off')).toEqual([200, 429]);
  });
});
