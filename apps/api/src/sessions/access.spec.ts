import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { type AtDesk, ROLES, refusal, SessionDesk, said } from './testing/session-desk.js';

let desk: SessionDesk;
let candidate: AtDesk;
let other: AtDesk;

beforeAll(async () => {
  desk = await SessionDesk.open();
  candidate = await desk.atWork();
  other = await desk.atWork();
});

afterAll(() => desk.close());

const ADMINS = ['owner', 'admin'];
const HUMANS = [...ADMINS, 'reviewer'];
const READERS = [...HUMANS, 'auditor'];
const ALL_READERS = [...READERS, 'scorer'];

/** Method, path below the session (or from the root), who may, whether the candidate may. */
const ROUTES: readonly (readonly ['GET' | 'POST' | 'PATCH' | 'DELETE', string, readonly string[], boolean])[] = [
  ['GET', '/api/sessions', ALL_READERS, false],
  ['GET', '', ALL_READERS, true],
  ['DELETE', '', ADMINS, false],
  ['PATCH', '', HUMANS, false],
  ['POST', '/cancel', HUMANS, false],
  ['GET', '/events', ALL_READERS, true],
  ['POST', '/events', ['runtime'], true],
  ['GET', '/replay', READERS, false],
  ['GET', '/export', [...ADMINS, 'auditor'], false],
  ['GET', '/v1/events', ALL_READERS, false],
];

describe('who may call which route of a session', () => {
  it.each(ROUTES)('%s %s refuses every other role', async (method, path, allowed) => {
    const url = /^\/(api|v1)/.test(path) ? path : candidate.path + path;
    for (const role of ROLES.filter((one) => !allowed.includes(one)))
      expect(await desk.api.ask(method, url, undefined, desk.keys[role])).toMatchObject(
        refusal(403, 'insufficient_scope'),
      );
    expect(await desk.api.ask(method, url, undefined, null)).toMatchObject(refusal(401, 'unauthenticated'));
  });

  it.each(ROUTES.filter(([method]) => method === 'GET'))(
    '%s %s answers the roles it is for',
    async (_, path, allowed) => {
      const url = /^\/(api|v1)/.test(path) ? path : candidate.path + path;
      for (const role of ROLES.filter((one) => allowed.includes(one)))
        expect((await desk.get(url, desk.keys[role])).status).toBe(200);
    },
  );

  it.each(ROUTES.filter(([, , , own]) => !own))('%s %s is closed to candidates', async (method, path) => {
    const url = /^\/(api|v1)/.test(path) ? path : candidate.path + path;
    expect(await desk.api.ask(method, url, undefined, candidate.token)).toMatchObject(
      refusal(403, 'insufficient_scope'),
    );
  });

  it.each([
    ['GET', ''],
    ['GET', '/events'],
    ['POST', '/events'],
    ['POST', '/open'],
    ['POST', '/start'],
    ['POST', '/checkpoint'],
    ['POST', '/advance-phase'],
    ['POST', '/submit'],
  ] as const)("%s %s of another candidate's session is not there", async (method, path) => {
    expect(await desk.api.ask(method, other.path + path, undefined, candidate.token)).toMatchObject(
      refusal(404, 'not_found'),
    );
  });

  it.each(['/open', '/start', '/checkpoint', '/advance-phase', '/submit'])(
    'POST %s takes a session token and no key',
    async (path) => {
      for (const role of ROLES)
        expect(await desk.api.ask('POST', candidate.path + path, {}, desk.keys[role])).toMatchObject(
          refusal(401, 'session_token_required'),
        );
    },
  );

  it('a_token_that_was_tampered_with_is_no_token', async () => {
    const { token } = candidate;
    const tampered = [
      `${token.slice(0, 20)}${token[20] === 'A' ? 'B' : 'A'}${token.slice(21)}`,
      `${token}A`,
      token.slice(0, -1),
      `${token.slice(0, -1)} `,
      'vst_',
    ];
    for (const wrong of tampered)
      expect(await desk.get('/api/candidate/session', wrong)).toMatchObject({ status: 401 });
  });

  it('what_the_ai_did_is_marked_as_a_claim_unless_its_back_end_says_so', async () => {
    const answer = (id: string) => ({ ...said(id), type: 'ai_response' });
    await desk.api.ask('POST', `${candidate.path}/events`, { events: [answer('told')] }, candidate.token);
    await desk.api.ask('POST', `${candidate.path}/events`, { events: [answer('vouched')] }, desk.keys.runtime);
    const { events } = (await desk.get(`${candidate.path}/events`)).body;
    expect(events).toMatchObject([
      { id: 'told', via: 'candidate', claim: true },
      { id: 'vouched', via: 'runtime' },
    ]);
    expect(events[1]).not.toHaveProperty('claim');
  });
});
