import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { refusal, SessionDesk } from './testing/session-desk.js';

const MINUTE = 60_000;
const NOBODY = '00000000-0000-4000-8000-000000000000';

let desk: SessionDesk;

beforeAll(async () => {
  desk = await SessionDesk.open();
});

afterAll(() => desk.close());

const now = () => new Date(desk.api.clock.now()).toISOString();

describe('sessions as an organization sees them', () => {
  it('are_shown_with_the_documented_fields_alone_and_in_lists', async () => {
    const candidate = await desk.atWork();
    await desk.post(candidate, '/submit', { deliverableState: { a: 1 } });
    const { body } = await desk.get(candidate.path);
    expect(body.session).toEqual({
      id: candidate.id,
      assessmentId: candidate.assessmentId,
      candidateId: expect.any(String),
      attempt: 1,
      token: candidate.token,
      status: 'submitted',
      setupStartedAt: now(),
      taskStartedAt: now(),
      submittedAt: now(),
      submittedBy: 'candidate',
      dueDate: null,
      effectiveDueDate: null,
      closedReason: 'submitted',
      accessExpired: false,
      createdAt: now(),
      candidateName: candidate.name,
      candidateEmail: candidate.email,
      assessmentName: 'Analyst',
    });
    const listed = await desk.get(`/api/sessions?assessmentId=${candidate.assessmentId}`);
    expect(listed.body).toEqual({
      sessions: [body.session],
      total: 1,
      limit: 20,
      offset: 0,
      hasMore: false,
      nextCursor: null,
    });
  });

  it('are_listed_newest_first_by_offset_or_cursor_and_filtered_by_status_and_candidate', async () => {
    const assessmentId = await desk.assess();
    const invited = [];
    for (let count = 0; count < 5; count += 1) {
      desk.api.clock.advance(1000);
      invited.unshift(await desk.invite(assessmentId));
    }
    await desk.post(invited[2]!, '/start');
    const ids = async (query: string) =>
      (await desk.get(`/api/sessions?assessmentId=${assessmentId}${query}`)).body.sessions.map(
        (session: { id: string }) => session.id,
      );
    const all = invited.map(({ id }) => id);
    expect(await ids('')).toEqual(all);
    expect(await ids('&limit=2&offset=1')).toEqual(all.slice(1, 3));
    const first = await desk.get(`/api/sessions?assessmentId=${assessmentId}&limit=2`);
    expect(first.body).toMatchObject({ total: 5, limit: 2, hasMore: true });
    expect(await ids(`&limit=2&after=${first.body.nextCursor}`)).toEqual(all.slice(2, 4));
    expect(await ids('&status=in_progress')).toEqual([all[2]]);
    const { candidateId } = (await desk.get(invited[4]!.path)).body.session;
    expect(await ids(`&candidateId=${candidateId}`)).toEqual([all[4]]);
    expect((await desk.get('/api/sessions?limit=1000&offset=-3')).body).toMatchObject({ limit: 100, offset: 0 });
  });

  it.each([
    ['status=expired', 'invalid_parameter', 'status'],
    ['limit=ten', 'invalid_parameter', 'limit'],
    ['colour=red', 'invalid_parameter', 'colour'],
    ['after=elsewhere', 'invalid_cursor', 'after'],
  ])('refuse_the_list_with_%s', async (query, code, param) => {
    expect(await desk.get(`/api/sessions?${query}`)).toMatchObject({ status: 400, body: { error: { code, param } } });
  });

  it('show_tokens_to_owners_and_admins_alone_and_names_to_nobody_who_is_blind', async () => {
    const candidate = await desk.invite(await desk.assess());
    const shown = async (key: string) => {
      const { token, candidateName, candidateEmail } = (await desk.get(candidate.path, key)).body.session;
      const [listed] = (await desk.get(`/api/sessions?assessmentId=${candidate.assessmentId}`, key)).body.sessions;
      expect(listed).toMatchObject({ token, candidateName, candidateEmail });
      return [token, candidateName, candidateEmail];
    };
    const { token, name, email } = candidate;
    expect(await shown(desk.keys.owner)).toEqual([token, name, email]);
    expect(await shown(desk.keys.admin)).toEqual([token, name, email]);
    expect(await shown(desk.keys.reviewer)).toEqual([null, name, email]);
    expect(await shown(desk.keys.auditor)).toEqual([null, null, null]);
    expect(await shown(desk.keys.scorer)).toEqual([null, null, null]);
    const wish = { name: 'seeing auditor', role: 'auditor', pii: true };
    const { key } = (await desk.api.ask('POST', '/api/api-keys', wish)).body;
    expect(await shown(key)).toEqual([null, name, email]);
  });

  it('cannot_be_told_from_what_never_was_when_they_are_another_organizations', async () => {
    const candidate = await desk.invite(await desk.assess());
    const unknown = await desk.get(`/api/sessions/${NOBODY}`);
    expect(unknown).toMatchObject(refusal(404, 'not_found'));
    for (const suffix of ['', '/events', '/replay', '/export', '/stream'])
      expect(await desk.get(candidate.path + suffix, desk.stranger)).toMatchObject(refusal(404, 'not_found'));
    expect(await desk.api.ask('DELETE', candidate.path, undefined, desk.stranger)).toMatchObject(
      refusal(404, 'not_found'),
    );
    expect((await desk.get('/api/sessions', desk.stranger)).body.total).toBe(0);
  });
});

describe('sessions as an organization steers them', () => {
  const change = (path: string, body: object, key?: string) => desk.api.ask('PATCH', path, body, key);

  it('get_another_due_date_and_lose_it_again', async () => {
    const candidate = await desk.invite(await desk.assess());
    const dueDate = new Date(desk.api.clock.now() + 60 * MINUTE).toISOString();
    const changed = await change(candidate.path, { dueDate }, desk.keys.reviewer);
    expect(changed).toMatchObject({ status: 200, body: { session: { dueDate, effectiveDueDate: dueDate } } });
    const [listed] = (await desk.get(`/api/sessions?assessmentId=${candidate.assessmentId}`)).body.sessions;
    expect(listed).toMatchObject({ dueDate, effectiveDueDate: dueDate });
    expect((await change(candidate.path, { dueDate: null })).body.session.dueDate).toBeNull();
    expect(await change(candidate.path, { dueDate: '2001-01-01T00:00:00Z' })).toMatchObject(
      refusal(400, 'due_date_in_past'),
    );
  });

  it('get_more_minutes_while_a_timer_runs', async () => {
    const candidate = await desk.atWork({ taskTimeMinutes: 60 });
    expect((await change(candidate.path, { addMinutes: 15 })).status).toBe(200);
    const { timer } = (await desk.get('/api/candidate/session', candidate.token)).body;
    expect(timer.remainingSeconds).toBe(75 * 60);
    expect(await change(candidate.path, { addMinutes: 0 })).toMatchObject(refusal(400, 'invalid_parameter'));
  });

  it('are_reopened_when_the_clock_submitted_them_and_not_when_the_candidate_did', async () => {
    const candidate = await desk.atWork({ taskTimeMinutes: 1 });
    desk.api.clock.advance(2 * MINUTE);
    expect(await desk.record(candidate, 'too late')).toMatchObject(refusal(409, 'session_closed'));
    expect((await desk.get(candidate.path)).body.session).toMatchObject({ status: 'submitted', submittedBy: 'timer' });
    const reopen = { minutes: 30, reason: 'The network was down.' };
    expect((await change(candidate.path, { reopen })).body.session).toMatchObject({
      status: 'in_progress',
      submittedAt: null,
      closedReason: null,
    });
    await desk.post(candidate, '/submit');
    expect(await change(candidate.path, { reopen })).toMatchObject(refusal(409, 'invalid_status_transition'));
  });

  it('are_cancelled_before_they_are_submitted_and_keep_their_status', async () => {
    const candidate = await desk.atWork();
    const cancelled = await desk.api.ask('POST', `${candidate.path}/cancel`, { reason: 'Hired elsewhere.' });
    expect(cancelled).toMatchObject({
      status: 200,
      body: { session: { status: 'in_progress', closedReason: 'cancelled' } },
    });
    expect(await desk.post(candidate, '/submit')).toMatchObject({ status: 409 });
    expect(await desk.api.ask('POST', `${candidate.path}/cancel`, {})).toMatchObject(refusal(400, 'missing_parameter'));
  });

  it('are_gone_for_every_reader_once_deleted', async () => {
    const candidate = await desk.atWork();
    await desk.record(candidate, 'one');
    await desk.post(candidate, '/checkpoint', { deliverableState: { a: 1 } });
    expect(await desk.api.ask('DELETE', candidate.path)).toMatchObject({ status: 200, body: { ok: true } });
    for (const suffix of ['', '/events', '/replay', '/export', '/stream'])
      expect(await desk.get(candidate.path + suffix)).toMatchObject(refusal(404, 'not_found'));
    expect(await desk.get('/api/candidate/session', candidate.token)).toMatchObject(refusal(404, 'not_found'));
    expect(await desk.record(candidate, 'two')).toMatchObject(refusal(404, 'not_found'));
    expect(await desk.api.ask('DELETE', candidate.path)).toMatchObject(refusal(404, 'not_found'));
    const listed = await desk.get(`/api/sessions?assessmentId=${candidate.assessmentId}`);
    expect(listed.body).toMatchObject({ sessions: [], total: 0 });
  });
});
