import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { EmbeddedOpsStore } from '#ops-store/embedded/index.js';
import { tryOutApi } from './testing/try-out-api.js';

type Api = Awaited<ReturnType<typeof tryOutApi>>;

describe('Idempotency-Key', () => {
  let api: Api;
  let ops: EmbeddedOpsStore;
  beforeAll(async () => {
    ops = await EmbeddedOpsStore.open({ secret: 's'.repeat(32) });
    api = await tryOutApi({ ops });
  });
  afterAll(async () => {
    await api.close();
    await ops.close();
  });

  const post = async (key: string, body: object, { as = 'gai_admin', url = '/try/bodies' } = {}) => {
    const response = await api.inject({
      method: 'POST',
      url,
      headers: { authorization: `Bearer ${as}`, 'idempotency-key': key },
      payload: body,
    });
    return { status: response.statusCode, headers: response.headers, body: response.json<Record<string, unknown>>() };
  };
  const ada = { email: 'ada@example.com' };

  it('gives the first answer again, status and body, without running anything', async () => {
    const first = await post('again', ada);
    const second = await post('again', ada);
    expect(first).toMatchObject({ status: 201 });
    expect(first.headers).not.toHaveProperty('idempotency-replayed');
    expect(second).toMatchObject({ status: 201, body: first.body, headers: { 'idempotency-replayed': 'true' } });
  });

  it('runs one of twenty at once, and tells the others to wait or gives them its answer', async () => {
    const answers = await Promise.all(Array.from({ length: 20 }, () => post('at once', ada)));
    const done = answers.filter(({ status }) => status === 201);
    expect(new Set(done.map(({ body }) => body['run'])).size).toBe(1);
    for (const { status, headers, body } of answers.filter((answer) => !done.includes(answer))) {
      expect({ status, body }).toMatchObject({ status: 409, body: { error: { code: 'idempotency_key_in_use' } } });
      expect(headers['retry-after']).toBe('1');
    }
  });

  it('refuses the same key for another body', async () => {
    await post('reused', ada);
    expect(await post('reused', { email: 'bob@example.com' })).toMatchObject({
      status: 409,
      body: { error: { code: 'idempotency_key_reuse' } },
    });
  });

  it('is one key for each credential and each route', async () => {
    const first = await post('shared', ada);
    const other = await post('shared', ada, { as: 'gai_owner' });
    expect(other).toMatchObject({ status: 201 });
    expect(other.body['run']).not.toBe(first.body['run']);
    expect(await post('shared', {}, { url: '/try/large' })).toMatchObject({ status: 201, body: { keys: 0 } });
  });

  it('decides the same command id for the same key', async () => {
    const { body } = await post('command', ada);
    const again = await post('another command', ada);
    const idOf = (answer: Record<string, unknown>) => (answer['context'] as { commandId: string }).commandId;
    expect(idOf(body)).toMatch(/^[0-9a-f-]{36}$/);
    expect(idOf(again.body)).not.toBe(idOf(body));
  });

  it('keeps business refusals, so that a retry is answered as the first was', async () => {
    const first = await post('conflict', {}, { url: '/try/trouble/conflict' });
    const second = await post('conflict', {}, { url: '/try/trouble/conflict' });
    expect(first).toMatchObject({ status: 409, body: { error: { code: 'phase_conflict' } } });
    expect(second).toMatchObject({ status: 409, body: first.body, headers: { 'idempotency-replayed': 'true' } });
  });

  it('keeps neither what failed validation nor what failed on our side: the key is free again', async () => {
    expect(await post('free', {})).toMatchObject({ status: 400 });
    expect(await post('free', ada)).toMatchObject({ status: 201 });
    for (const kind of ['full', 'bug'])
      for (const round of [1, 2]) {
        const answer = await post(`free ${kind}`, {}, { url: `/try/trouble/${kind}` });
        expect([answer.status, answer.headers['idempotency-replayed'], round]).toEqual([
          kind === 'full' ? 503 : 500,
          undefined,
          round,
        ]);
      }
  });

  it.each([['x'.repeat(256)], ['caf\u00e9'], ['']])('refuses %j as a key', async (key) => {
    expect(await post(key, ada)).toMatchObject({
      status: 400,
      body: { error: { code: 'invalid_parameter', param: 'Idempotency-Key' } },
    });
  });
});
