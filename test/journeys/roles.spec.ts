import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { invite, message, newAssessment } from '../support/candidate.js';
import { refusalOf } from '../support/refusal.js';
import { endAll, OWNER_KEY, Server } from '../support/server.js';
import { ADMINS, ALL_READERS, CALLERS, type CallerKind, HUMANS, MAY, OWN, PUBLIC } from '../support/who-may.js';

const OPERATOR = 'operator-token-of-the-roles-spec-0123456789';
/** Tell whether a caller got past the door without changing anything behind it: refused for its shape, or not there. */
const HARMLESS: Readonly<Record<string, unknown>> = { POST: '[]', PATCH: '[]', DELETE: undefined, GET: undefined };
const NO_BODY = ['/open', '/start'];

describe('who may do what', () => {
  let server: Server;
  const credentials = new Map<CallerKind, string | undefined>([['nobody', undefined]]);
  const ids: Record<string, string> = {};
  const person = { name: 'Rosalind Franklin', email: 'rosalind@example.com' };

  beforeAll(async () => {
    server = await Server.start({ env: { VERBATIM_OPERATOR_TOKEN: OPERATOR } });
    credentials.set('owner', OWNER_KEY).set('operator', OPERATOR);
    for (const role of ['admin', 'reviewer', 'auditor', 'scorer', 'runtime'] as const)
      credentials.set(role, (await server.owner.post('/api/api-keys', { name: role, role })).body.key);
    const pii = { name: 'sees names', role: 'auditor', pii: true };
    credentials.set('auditor with pii', (await server.owner.post('/api/api-keys', pii)).body.key);
    ids['assessmentId'] = await newAssessment(server.owner);
    const path = `/api/assessments/${ids['assessmentId']}/invite`;
    const { session } = (await server.owner.post(path, { ...person, sendEmail: false })).body;
    ids['sessionId'] = session.id;
    credentials.set('candidate', session.token);
    const workspace = server.as(session.token);
    await workspace.post(`/api/sessions/${session.id}/start`);
    await workspace.post(`/api/sessions/${session.id}/events`, { events: [message('said')] });
  });

  afterAll(endAll);

  const as = (caller: CallerKind) => server.as(credentials.get(caller));

  it('every_route_there_is_stands_in_the_table', async () => {
    const { paths } = (await server.as(undefined).get('/openapi.json')).body;
    const served = Object.entries(paths as Record<string, object>).flatMap(([path, item]) =>
      Object.keys(item).map((method) => `${method.toUpperCase()} ${path}`),
    );
    expect(served.sort()).toEqual([...Object.keys(MAY), ...PUBLIC].sort());
  });

  const knock = async (route: string, caller: CallerKind) => {
    const [method = '', template = ''] = route.split(' ');
    let path = template.replace(/\{(\w+)\}/g, (_, name: string) => ids[name] ?? 'none');
    // Deleting for good is tried on what is not there; streams never end by themselves.
    if (method === 'DELETE') path = path.replace(/[^/]+$/, '00000000-0000-4000-8000-000000000000');
    if (template.endsWith('/stream')) path += '?after=none';
    const body = NO_BODY.some((end) => path.endsWith(end)) ? undefined : HARMLESS[method];
    return as(caller).send(method, path, body);
  };

  it.each(Object.entries(MAY))('%s is for %j alone', async (route, may) => {
    for (const caller of CALLERS) {
      const answer = await knock(route, caller);
      if (may.includes(caller)) {
        expect({ caller, refused: [401, 403].includes(answer.status) }).toEqual({ caller, refused: false });
        continue;
      }
      const [status, code] = refusalOf(answer);
      expect({ caller, status, code }).toEqual({ caller, ...refusalFor(caller, may) });
    }
  });

  const refusalFor = (caller: CallerKind, may: readonly CallerKind[]) => {
    if (caller === 'nobody') return { status: 401, code: 'unauthenticated' };
    const isKey = caller !== 'candidate' && caller !== 'operator';
    return isKey && may === OWN
      ? { status: 401, code: 'session_token_required' }
      : { status: 403, code: 'insufficient_scope' };
  };

  const SEES_NAMES: readonly CallerKind[] = [...HUMANS, 'auditor with pii'];

  it('names_and_addresses_are_for_those_who_may_know_them_and_tokens_for_owner_and_admin', async () => {
    for (const caller of ALL_READERS) {
      const list = (await as(caller).get('/api/sessions')).body.sessions;
      const { session } = (await as(caller).get(`/api/sessions/${ids['sessionId']}`)).body;
      expect(list).toEqual([session]);
      const sees = SEES_NAMES.includes(caller);
      expect({ caller, name: session.candidateName, email: session.candidateEmail }).toEqual({
        caller,
        name: sees ? person.name : null,
        email: sees ? person.email : null,
      });
      expect({ caller, token: session.token }).toEqual({
        caller,
        token: ADMINS.includes(caller) ? credentials.get('candidate') : null,
      });
    }
    const own = (await as('candidate').get(`/api/sessions/${ids['sessionId']}`)).body.session;
    expect(own).toMatchObject({ token: null, candidateName: person.name, candidateEmail: person.email });
  });

  it('who_may_not_know_a_name_finds_it_nowhere_and_nobody_finds_a_secret', async () => {
    const session = `/api/sessions/${ids['sessionId']}`;
    const pages = [
      '/api/sessions',
      session,
      `${session}/events?include=system`,
      `${session}/replay`,
      `${session}/export`,
      '/v1/events?limit=1000',
    ];
    const secrets = [...credentials.values()].filter((one) => one !== undefined);
    for (const caller of ALL_READERS)
      for (const page of pages) {
        const { status, body } = await as(caller).get(page);
        if (status === 403) continue;
        const text = JSON.stringify(body);
        const named = text.includes('osalind');
        expect({ caller, page, named: named && !SEES_NAMES.includes(caller) }).toEqual({ caller, page, named: false });
        const mayToken = ADMINS.includes(caller) && (page === session || page === '/api/sessions');
        const leaked = secrets.filter((one) => text.includes(one)).length;
        expect({ caller, page, leaked }).toEqual({ caller, page, leaked: mayToken ? 1 : 0 });
        expect({ caller, page, internal: /"(credential|claimId)"/.test(text) }).toEqual({
          caller,
          page,
          internal: false,
        });
      }
  });

  it('a_scorer_follows_sessions_alone_and_an_auditor_reads_the_rest_without_the_people', async () => {
    const kinds = async (caller: CallerKind) => {
      const { events } = (await as(caller).get('/v1/events?limit=1000')).body;
      return [...new Set(events.map(({ kind }: { kind: string }) => kind))].sort();
    };
    expect(await kinds('scorer')).toEqual(['session']);
    expect(await kinds('auditor')).toEqual(['assessment', 'candidate', 'organization', 'session']);
    const people = async (caller: CallerKind) =>
      (await as(caller).get('/v1/events?types=candidate_registered')).body.events;
    expect(await people('auditor')).toEqual([expect.objectContaining({ masked: true, data: {} })]);
    expect(await people('auditor with pii')).toEqual([
      expect.objectContaining({ data: expect.objectContaining(person) }),
    ]);
  });

  it('an_admin_makes_no_owner_and_takes_away_none', async () => {
    const refused = await as('admin').post('/api/api-keys', { name: 'mine', role: 'owner' });
    expect(refusalOf(refused)).toEqual([403, 'insufficient_scope']);
    const { apiKeys } = (await as('admin').get('/api/api-keys')).body;
    const owner = apiKeys.find(({ role }: { role: string }) => role === 'owner');
    expect(refusalOf(await as('admin').delete(`/api/api-keys/${owner.id}`))).toEqual([403, 'insufficient_scope']);
  });

  it('a_candidates_token_opens_its_own_session_alone', async () => {
    const other = await invite(server, ids['assessmentId']!, 'other@example.com');
    for (const path of ['', '/events'])
      expect(refusalOf(await as('candidate').get(`/api/sessions/${other.sessionId}${path}`))).toEqual([
        404,
        'not_found',
      ]);
    for (const path of ['/open', '/start', '/submit', '/checkpoint', '/advance-phase', '/events'])
      expect(refusalOf(await as('candidate').post(`/api/sessions/${other.sessionId}${path}`, {}))).toEqual([
        404,
        'not_found',
      ]);
    const { session } = (await server.owner.get(`/api/sessions/${other.sessionId}`)).body;
    expect(session.status).toBe('invited');
  });

  it('what_an_event_says_of_its_sender_follows_from_the_credential', async () => {
    const path = `/api/sessions/${ids['sessionId']}/events`;
    const reply = (id: string) => ({ ...message(id), type: 'ai_response', via: 'system', claim: false });
    await as('candidate').post(path, { events: [reply('claimed')] });
    await as('runtime').post(path, { events: [reply('vouched')] });
    const { events } = (await as('scorer').get(`${path}?type=ai_response`)).body;
    expect(events.map((one: { id: string; via: string; claim?: true }) => [one.id, one.via, one.claim])).toEqual([
      ['claimed', 'candidate', true],
      ['vouched', 'runtime', undefined],
    ]);
  });
});
