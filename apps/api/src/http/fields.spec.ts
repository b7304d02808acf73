import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { OpsStore } from '#ops-store';
import { asking } from './testing/asking.js';
import { tryOutApi } from './testing/try-out-api.js';

describe('what a request brings', () => {
  let api: Awaited<ReturnType<typeof tryOutApi>>;
  beforeAll(async () => {
    api = await tryOutApi({ ops: Object.create(OpsStore.prototype) as OpsStore });
  });
  afterAll(() => api.close());
  const { ask, refusal, post } = asking(() => api);

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
      ['dueDate', { ...valid, dueDate: '9999-12-31T23:00:00-02:00' }, 'invalid_parameter'],
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
});
