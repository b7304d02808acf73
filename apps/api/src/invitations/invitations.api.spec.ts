import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { assessmentsProjections } from '#assessments';
import { candidatesProjections } from '#candidates';
import { type Ground, newGround } from '#event-sourcing/testing/ground.js';
import { sessionsProjections } from '#sessions';
import { AssessmentsApiModule } from '../assessments/assessments-api.module.js';
import { OrganizationsApiModule } from '../organizations/organizations-api.module.js';
import { SessionsApiModule } from '../sessions/sessions-api.module.js';
import { TestApi } from '../testing/test-api.js';
import { InvitationsApiModule } from './invitations-api.module.js';

let ground: Ground;
let api: TestApi;
let dataDir: string;
let assessmentId: string;

beforeAll(async () => {
  ground = await newGround();
  dataDir = await mkdtemp(join(tmpdir(), 'invitations-'));
  api = await TestApi.open(ground, {
    modules: [OrganizationsApiModule, AssessmentsApiModule, InvitationsApiModule, SessionsApiModule],
    projections: [...assessmentsProjections, ...candidatesProjections, ...sessionsProjections],
    env: { VERBATIM_DATA_DIR: dataDir, VERBATIM_WORKSPACE_URL: 'https://work.example.com/start?token=' },
  });
  assessmentId = (await api.ask('POST', '/api/assessments', { name: 'Senior PM' })).body.assessment.id;
});

afterAll(async () => {
  await api.close();
  await ground.log.close();
  await ground.ops.close();
  await rm(dataDir, { recursive: true, force: true });
});

const invite = (body: unknown, credential?: string | null) =>
  api.ask('POST', `/api/assessments/${assessmentId}/invite`, body, credential);
const key = async (role: string) => (await api.ask('POST', '/api/api-keys', { name: role, role })).body.key;

describe('POST /api/assessments/:id/invite (A7)', () => {
  it('answers_201_with_session_link_and_created_then_200_with_the_same', async () => {
    const first = await invite({ email: 'alice@example.com', name: 'Alice', dueDate: '2030-02-01T23:59:59Z' });
    expect(first.status).toBe(201);
    expect(first.body).toMatchObject({
      created: true,
      session: {
        assessmentId,
        status: 'invited',
        candidateName: 'Alice',
        candidateEmail: 'alice@example.com',
        assessmentName: 'Senior PM',
        dueDate: '2030-02-01T23:59:59.000Z',
        setupStartedAt: null,
      },
    });
    expect(first.body.inviteUrl).toBe(`https://work.example.com/start?token=${first.body.session.token}`);
    const again = await invite({ email: 'ALICE@example.com', name: 'Other', dueDate: '2031-01-01T00:00:00Z' });
    expect(again).toMatchObject({ status: 200, body: { ...first.body, created: false } });
  });

  it.each([{}, { name: '' }, { name: '  ' }, { name: null }])('takes_the_local_part_for_%j', async (name) => {
    const { body } = await invite({ email: 'bob.jones@example.com', ...name });
    expect(body.session.candidateName).toBe('bob.jones');
  });

  it('takes_snake_case_as_well_and_refuses_both_spellings_at_odds', async () => {
    const { status, body } = await invite({
      email: 'snake@example.com',
      due_date: '2030-02-01T00:00:00Z',
      send_email: false,
    });
    expect(status).toBe(201);
    expect(body.session.dueDate).toBe('2030-02-01T00:00:00.000Z');
    const outbox = await api.ask('GET', '/api/outbox?limit=100');
    expect(outbox.body.messages.map(({ to }: { to: string }) => to)).not.toContain('snake@example.com');
    const odd = await invite({ email: 'odd@example.com', sendEmail: true, send_email: false });
    expect(odd.status).toBe(400);
  });

  it.each([
    [{}, 'missing_parameter', 'email'],
    [{ email: 'nobody' }, 'invalid_parameter', 'email'],
    [{ email: ['a@example.com'] }, 'invalid_parameter', 'email'],
    [{ email: `${'a'.repeat(250)}@example.com` }, 'invalid_parameter', 'email'],
    [{ email: 'a@example.com', name: 'a\0' }, 'invalid_parameter', 'name'],
    [{ email: 'a@example.com', name: '\ud800' }, 'invalid_parameter', 'name'],
    [{ email: 'a@example.com', dueDate: 'tomorrow' }, 'invalid_parameter', 'dueDate'],
    [{ email: 'a@example.com', dueDate: '2030-02-31T00:00:00Z' }, 'invalid_parameter', 'dueDate'],
    [{ email: 'a@example.com', dueDate: '2020-01-01T00:00:00Z' }, 'due_date_in_past', 'dueDate'],
    [{ email: 'a@example.com', sendEmail: 'yes' }, 'invalid_parameter', 'sendEmail'],
  ])('refuses_%j_with_%s', async (body, code, param) => {
    expect(await invite(body)).toMatchObject({ status: 400, body: { error: { code, param } } });
  });

  it('is_for_owner_and_admin', async () => {
    expect((await invite({ email: 'admin@example.com' }, await key('admin'))).status).toBe(201);
    for (const role of ['reviewer', 'auditor', 'scorer', 'runtime'])
      expect(await invite({ email: 'a@example.com' }, await key(role))).toMatchObject({ status: 403 });
    expect((await invite({ email: 'a@example.com' }, null)).status).toBe(401);
  });

  it.each(['nowhere', 'a.b', 'x'.repeat(500)])('finds_no_assessment_%s', async (id) => {
    const answer = await api.ask('POST', `/api/assessments/${id}/invite`, { email: 'a@example.com' });
    expect(answer).toMatchObject({ status: 404, body: { error: { code: 'not_found' } } });
  });

  it('answers_409_for_an_inactive_assessment', async () => {
    const { body } = await api.ask('POST', '/api/assessments', { name: 'Closed', isActive: false });
    const answer = await api.ask('POST', `/api/assessments/${body.assessment.id}/invite`, { email: 'a@example.com' });
    expect(answer).toMatchObject({ status: 409, body: { error: { code: 'assessment_inactive' } } });
  });
});

describe('GET /api/outbox (W17)', () => {
  it('lists_what_an_invitation_will_mail_as_soon_as_it_is_answered', async () => {
    api.clock.advance(1000);
    const { body } = await invite({ email: 'carol@example.com', name: 'Carol' });
    const { status, body: outbox } = await api.ask('GET', '/api/outbox?limit=1');
    expect(status).toBe(200);
    expect(outbox).toMatchObject({ limit: 1, offset: 0, total: expect.any(Number) });
    expect(outbox.messages).toMatchObject([
      {
        kind: 'invitation',
        state: 'pending',
        to: 'carol@example.com',
        name: 'Carol',
        sessionId: body.session.id,
        inviteUrl: body.inviteUrl,
      },
    ]);
  });

  it('shows_nothing_twice_by_its_cursor_while_it_grows', async () => {
    api.clock.advance(1000);
    for (const name of ['dora', 'emil']) await invite({ email: `${name}@example.com`, name });
    const first = (await api.ask('GET', '/api/outbox?limit=1')).body;
    api.clock.advance(1000);
    await invite({ email: 'fritz@example.com', name: 'fritz' });
    const second = (await api.ask('GET', `/api/outbox?limit=1&after=${first.nextCursor}`)).body;
    expect([first.messages[0].to, second.messages[0].to].toSorted()).toEqual(['dora@example.com', 'emil@example.com']);
    const rest = (await api.ask('GET', `/api/outbox?limit=100&after=${second.nextCursor}`)).body;
    expect(rest).toMatchObject({ hasMore: false, nextCursor: null, total: rest.messages.length + 3 });
  });

  it('is_for_owner_and_admin_and_refuses_a_cursor_that_it_did_not_give', async () => {
    expect((await api.ask('GET', '/api/outbox', undefined, await key('admin'))).status).toBe(200);
    expect((await api.ask('GET', '/api/outbox', undefined, await key('reviewer'))).status).toBe(403);
    expect(await api.ask('GET', '/api/outbox?after=x')).toMatchObject({
      status: 400,
      body: { error: { code: 'invalid_cursor', param: 'after' } },
    });
  });

  it('forgets_the_mail_of_a_deleted_session', async () => {
    const { body } = await invite({ email: 'gone@example.com' });
    await api.ask('DELETE', `/api/sessions/${body.session.id}`);
    const { body: outbox } = await api.ask('GET', '/api/outbox?limit=100');
    expect(JSON.stringify(outbox)).not.toContain(body.session.id);
  });
});
