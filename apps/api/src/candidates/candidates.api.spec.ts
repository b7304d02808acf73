import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { assessmentsProjections } from '#assessments';
import { candidatesProjections } from '#candidates';
import { type Ground, newGround } from '#event-sourcing/testing/ground.js';
import { sessionsProjections } from '#sessions';
import { AssessmentsApiModule } from '../assessments/assessments-api.module.js';
import { InvitationsApiModule } from '../invitations/invitations-api.module.js';
import { OrganizationsApiModule } from '../organizations/organizations-api.module.js';
import { SessionsApiModule } from '../sessions/sessions-api.module.js';
import { TestApi } from '../testing/test-api.js';
import { CandidatesApiModule } from './candidates-api.module.js';

let ground: Ground;
let api: TestApi;
let assessmentId: string;

beforeAll(async () => {
  ground = await newGround();
  api = await TestApi.open(ground, {
    modules: [
      OrganizationsApiModule,
      AssessmentsApiModule,
      CandidatesApiModule,
      InvitationsApiModule,
      SessionsApiModule,
    ],
    projections: [...assessmentsProjections, ...candidatesProjections, ...sessionsProjections],
  });
  assessmentId = (await api.ask('POST', '/api/assessments', { name: 'Senior PM' })).body.assessment.id;
});

afterAll(async () => {
  await api.close();
  await ground.log.close();
  await ground.ops.close();
});

const invite = async (email: string, name: string) => {
  const path = `/api/assessments/${assessmentId}/invite`;
  api.clock.advance(1000);
  return (await api.ask('POST', path, { email, name, sendEmail: false })).body.session;
};
const key = async (role: string) => (await api.ask('POST', '/api/api-keys', { name: role, role })).body.key;

it('candidates_are_listed_newest_first_with_the_documented_fields', async () => {
  const first = await invite('first@example.com', 'First');
  await invite('second@example.com', 'Second');
  const { status, body } = await api.ask('GET', '/api/candidates?limit=2');
  expect(status).toBe(200);
  expect(body).toMatchObject({ total: 2, limit: 2, offset: 0 });
  expect(body.candidates.map(({ email }: { email: string }) => email)).toEqual([
    'second@example.com',
    'first@example.com',
  ]);
  expect(body.candidates[1]).toEqual({
    id: first.candidateId,
    orgId: expect.any(String),
    email: 'first@example.com',
    name: 'First',
    externalId: null,
    createdAt: expect.stringMatching(/^\d{4}-.*Z$/),
  });
  const page = await api.ask('GET', '/api/candidates?limit=1&offset=1');
  expect(page.body.candidates).toEqual([body.candidates[1]]);
});

it('a_candidate_is_renamed_and_moved_and_the_change_is_seen_at_once_everywhere', async () => {
  const session = await invite('alice@example.com', 'Alice');
  const changed = await api.ask('PATCH', `/api/candidates/${session.candidateId}`, {
    name: 'Alice Jones',
    email: 'jones@example.com',
  });
  expect(changed).toMatchObject({
    status: 200,
    body: { candidate: { id: session.candidateId, name: 'Alice Jones', email: 'jones@example.com' } },
  });
  const { body } = await api.ask('GET', `/api/sessions?candidateId=${session.candidateId}`);
  expect(body.sessions).toMatchObject([{ candidateName: 'Alice Jones', candidateEmail: 'jones@example.com' }]);
});

it('an_address_in_use_is_a_conflict', async () => {
  await invite('taken@example.com', 'Taken');
  const { candidateId } = await invite('wants@example.com', 'Wants');
  const answer = await api.ask('PATCH', `/api/candidates/${candidateId}`, { email: 'Taken@Example.com' });
  expect(answer).toMatchObject({ status: 409, body: { error: { code: 'email_in_use', param: 'email' } } });
});

it.each([{ email: 'no address' }, { email: 7 }, { name: '' }, { name: 'a\0b' }, { name: 7 }])(
  'a_change_to_%j_is_refused',
  async (change) => {
    const { candidateId } = await invite('steady@example.com', 'Steady');
    const answer = await api.ask('PATCH', `/api/candidates/${candidateId}`, change);
    expect(answer).toMatchObject({
      status: 400,
      body: { error: { code: 'invalid_parameter', param: Object.keys(change)[0] } },
    });
  },
);

it('a_removed_candidate_is_gone_from_the_list_and_its_session_keeps_the_name', async () => {
  const { id, candidateId } = await invite('gone@example.com', 'Gone');
  expect(await api.ask('DELETE', `/api/candidates/${candidateId}`)).toMatchObject({ status: 200, body: { ok: true } });
  expect(await api.ask('DELETE', `/api/candidates/${candidateId}`)).toMatchObject({ status: 404 });
  const { body } = await api.ask('GET', '/api/candidates?limit=100');
  expect(body.candidates.map((candidate: { id: string }) => candidate.id)).not.toContain(candidateId);
  const session = (await api.ask('GET', `/api/sessions/${id}`)).body.session;
  expect(session).toMatchObject({ candidateId, candidateName: 'Gone' });
});

it('nobody_but_owner_and_admin_may_read_or_change_candidates', async () => {
  const { candidateId, token } = await invite('private@example.com', 'Private');
  const admin = await key('admin');
  expect((await api.ask('GET', '/api/candidates', undefined, admin)).status).toBe(200);
  for (const role of ['reviewer', 'auditor', 'scorer', 'runtime']) {
    const credential = await key(role);
    for (const [method, path] of [
      ['GET', '/api/candidates'],
      ['PATCH', `/api/candidates/${candidateId}`],
      ['DELETE', `/api/candidates/${candidateId}`],
    ] as const)
      expect(await api.ask(method, path, method === 'PATCH' ? { name: 'X' } : undefined, credential)).toMatchObject({
        status: 403,
        body: { error: { code: 'insufficient_scope' } },
      });
  }
  expect((await api.ask('GET', '/api/candidates', undefined, token)).status).toBe(403);
  expect((await api.ask('GET', '/api/candidates', undefined, null)).status).toBe(401);
});

it.each(['nobody', '0191a000-0000-7000-8000-000000000001', 'a.b', '%F0%9F%A6%8A', 'x'.repeat(500)])(
  'an_unknown_candidate_%s_is_not_found',
  async (id) => {
    for (const method of ['PATCH', 'DELETE'] as const) {
      const answer = await api.ask(method, `/api/candidates/${id}`, method === 'PATCH' ? { name: 'X' } : undefined);
      expect(answer).toMatchObject({ status: 404, body: { error: { code: 'not_found' } } });
    }
  },
);
