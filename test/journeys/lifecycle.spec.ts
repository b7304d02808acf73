import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { type AtWork, allEvents, atWork, invite, message, newAssessment } from '../support/candidate.js';
import { refusalOf } from '../support/refusal.js';
import { endAll, Server } from '../support/server.js';
import { until } from '../support/until.js';

const HOUR = 3_600_000;
const inHours = (hours: number) => new Date(Date.now() + hours * HOUR).toISOString();
const CLOSED = [409, 'session_closed'];
const REFUSED = [409, 'invalid_status_transition'];

describe('steering a session', () => {
  let server: Server;
  let assessmentId: string;

  beforeAll(async () => {
    server = await Server.start();
    assessmentId = await newAssessment(server.owner);
  });

  afterAll(endAll);

  const path = (one: AtWork) => `/api/sessions/${one.sessionId}`;
  const sessionOf = async (one: AtWork) => (await server.owner.get(path(one))).body.session;
  const listed = async (one: AtWork) => {
    const { sessions } = (await server.owner.get('/api/sessions?limit=100')).body;
    return sessions.find(({ id }: { id: string }) => id === one.sessionId);
  };
  const change = (one: AtWork, body: object) => server.owner.patch(path(one), body);
  const inviteAgain = (assessment: string, fields: object) =>
    server.owner.post(`/api/assessments/${assessment}/invite`, { sendEmail: false, ...fields });
  const deadlineOf = async (one: AtWork) =>
    Date.parse((await one.workspace.get('/api/candidate/session')).body.timer.deadlineAt);

  it('added_minutes_move_the_deadline_of_the_timer_that_runs_and_of_no_other', async () => {
    const one = await invite(server, assessmentId, 'minutes@example.com');
    expect(refusalOf(await change(one, { addMinutes: 5 }))).toEqual(REFUSED);
    await one.workspace.post(`${path(one)}/open`);
    const setup = await deadlineOf(one);
    expect((await change(one, { add_minutes: 5 })).status).toBe(200);
    expect(await deadlineOf(one)).toBe(setup + 5 * 60_000);
    await one.workspace.post(`${path(one)}/start`);
    const task = await deadlineOf(one);
    expect((await change(one, { addMinutes: 1440 })).status).toBe(200);
    expect(await deadlineOf(one)).toBe(task + 1440 * 60_000);
    const facts = await allEvents(server.owner, one.sessionId, '&include=system');
    expect(facts.filter(({ type }) => type === 'time_extended').map(({ data }) => [data.scope, data.minutes])).toEqual([
      ['setup', 5],
      ['phase', 1440],
    ]);
  });

  it('a_due_date_of_its_own_overrides_the_assessments_shortens_the_timer_and_is_taken_back_by_null', async () => {
    const dueDate = inHours(48);
    const dated = await newAssessment(server.owner, { dueDate });
    const one = await atWork(server, dated, 'due@example.com');
    expect(await sessionOf(one)).toMatchObject({ dueDate: null, effectiveDueDate: dueDate });
    const soon = inHours(0.5);
    expect((await change(one, { dueDate: soon })).body.session).toMatchObject({
      dueDate: soon,
      effectiveDueDate: soon,
    });
    expect(await deadlineOf(one)).toBe(Date.parse(soon));
    expect(await listed(one)).toEqual(await sessionOf(one));
    expect((await change(one, { dueDate: null })).body.session).toMatchObject({
      dueDate: null,
      effectiveDueDate: dueDate,
    });
    expect(await deadlineOf(one)).toBeGreaterThan(Date.parse(soon));
  });

  it('a_change_is_made_whole_or_not_at_all', async () => {
    const one = await invite(server, assessmentId, 'whole@example.com');
    const before = await sessionOf(one);
    expect(refusalOf(await change(one, { dueDate: inHours(1), addMinutes: 5 }))).toEqual(REFUSED);
    expect(await sessionOf(one)).toEqual(before);
    expect((await change(one, {})).body.session).toEqual(before);
  });

  it('what_the_candidate_submitted_is_neither_extended_nor_reopened_nor_cancelled', async () => {
    const one = await atWork(server, assessmentId, 'submitted@example.com');
    await one.workspace.post(`${path(one)}/submit`, {});
    for (const body of [{ addMinutes: 5 }, { dueDate: inHours(1) }])
      expect(refusalOf(await change(one, body))).toEqual(CLOSED);
    const reopened = await change(one, { reopen: { minutes: 5, reason: 'Asked nicely.' } });
    expect(refusalOf(reopened)).toEqual(REFUSED);
    expect(reopened.body.error.details).toMatchObject({ from: 'submitted', to: 'in_progress' });
    expect(refusalOf(await server.owner.post(`${path(one)}/cancel`, { reason: 'Too late.' }))).toEqual(REFUSED);
    expect(await sessionOf(one)).toMatchObject({ status: 'submitted', submittedBy: 'candidate' });
  });

  it.each(['invited', 'setup', 'in_progress'])(
    'a_session_that_is_%s_is_cancelled_once_and_keeps_its_status',
    async (status) => {
      const one = await invite(server, assessmentId, `cancelled.${status}@example.com`);
      if (status !== 'invited') await one.workspace.post(`${path(one)}/open`);
      if (status === 'in_progress') await one.workspace.post(`${path(one)}/start`);
      for (const reason of ['The role is filled.', 'Again.'])
        expect((await server.owner.post(`${path(one)}/cancel`, { reason })).body.session).toMatchObject({
          status,
          closedReason: 'cancelled',
          submittedAt: null,
        });
      for (const way of ['open', 'start', 'submit', 'advance-phase'])
        expect(refusalOf(await one.workspace.post(`${path(one)}/${way}`))).toEqual(CLOSED);
      expect(refusalOf(await one.workspace.post(`${path(one)}/checkpoint`, { deliverableState: {} }))).toEqual(CLOSED);
      expect(refusalOf(await change(one, { addMinutes: 5 }))).toEqual(CLOSED);
      const facts = await allEvents(server.owner, one.sessionId, '&include=system');
      expect(facts.filter(({ type }) => type === 'session_cancelled')).toHaveLength(1);
      const { body } = await inviteAgain(assessmentId, { email: `cancelled.${status}@example.com` });
      expect(body).toMatchObject({ created: true, session: { attempt: 2, status: 'invited' } });
    },
  );

  it('inviting_again_changes_nothing_and_another_attempt_is_asked_for_by_name', async () => {
    const dueDate = inHours(5);
    const wish = { email: 'Again@Example.com', name: 'Ada', dueDate };
    const first = await inviteAgain(assessmentId, wish);
    const second = await inviteAgain(assessmentId, { email: ' again@example.COM', name: 'Bob', dueDate: inHours(9) });
    expect([second.status, second.body]).toEqual([200, { ...first.body, created: false }]);
    const past = await inviteAgain(assessmentId, { ...wish, dueDate: '2001-01-01T00:00:00Z' });
    expect([past.status, past.body.session.dueDate]).toEqual([200, dueDate]);
    const third = await inviteAgain(assessmentId, { email: wish.email, newAttempt: true });
    expect([third.status, third.body.session.attempt]).toEqual([201, 2]);
    expect(third.body.session.candidateId).toBe(first.body.session.candidateId);
    expect(third.body.inviteUrl).not.toBe(first.body.inviteUrl);
    const latest = await inviteAgain(assessmentId, { email: wish.email });
    expect(latest.body.session.id).toBe(third.body.session.id);
  });

  it('nobody_is_invited_to_an_inactive_assessment_and_a_deleted_one_is_not_there', async () => {
    const idle = await newAssessment(server.owner, { isActive: false });
    expect(refusalOf(await inviteAgain(idle, { email: 'idle@example.com' }))).toEqual([409, 'assessment_inactive']);
    await server.owner.delete(`/api/assessments/${idle}`);
    expect(refusalOf(await inviteAgain(idle, { email: 'idle@example.com' }))).toEqual([404, 'not_found']);
  });

  it('an_assessments_due_date_reaches_its_sessions_and_its_other_edits_only_those_not_yet_opened', async () => {
    const assessment = await newAssessment(server.owner, { taskTimeMinutes: 60, setupTimeMinutes: 0 });
    const waiting = await invite(server, assessment, 'waiting@example.com');
    const running = await atWork(server, assessment, 'running@example.com');
    const own = await atWork(server, assessment, 'own@example.com');
    const ownDate = inHours(3);
    await change(own, { dueDate: ownDate });
    const dueDate = inHours(30);
    await server.owner.patch(`/api/assessments/${assessment}`, { dueDate, task_time_minutes: 90, name: 'Renamed' });
    for (const one of [waiting, running])
      await until(
        () => sessionOf(one),
        (session) => session.effectiveDueDate === dueDate,
      );
    expect(await sessionOf(own)).toMatchObject({ dueDate: ownDate, effectiveDueDate: ownDate });
    const minutes = async (one: AtWork) =>
      (await one.workspace.get('/api/candidate/session')).body.assessment.taskTimeMinutes;
    await waiting.workspace.post(`${path(waiting)}/open`);
    expect([await minutes(waiting), await minutes(running)]).toEqual([90, 60]);
  });

  it('a_deleted_assessment_ends_what_runs_and_leaves_what_was_submitted', async () => {
    const assessment = await newAssessment(server.owner);
    const running = await atWork(server, assessment, 'ends@example.com');
    const done = await atWork(server, assessment, 'stays@example.com');
    await done.workspace.post(`${path(done)}/submit`, { deliverableState: { kept: true } });
    await server.owner.delete(`/api/assessments/${assessment}`);
    const ended = await until(
      () => sessionOf(running),
      (session) => session.closedReason === 'cancelled',
    );
    expect(ended).toMatchObject({ status: 'in_progress', assessmentName: 'Senior PM Assessment' });
    expect(await sessionOf(done)).toMatchObject({ status: 'submitted', closedReason: 'submitted' });
    expect((await server.owner.get(`${path(done)}/replay`)).body.state.deliverableState).toEqual({ kept: true });
  });

  it('a_deleted_session_is_gone_from_the_answer_on_for_everybody_and_one_fact_stays', async () => {
    const one = await atWork(server, assessmentId, 'deleted@example.com');
    await one.workspace.post(`${path(one)}/events`, { events: [message('gone')] });
    expect((await server.owner.delete(path(one))).body).toEqual({ ok: true });
    for (const way of ['', '/events', '/replay', '/export', '/stream'])
      expect(refusalOf(await server.owner.get(path(one) + way))).toEqual([404, 'not_found']);
    expect(refusalOf(await server.owner.delete(path(one)))).toEqual([404, 'not_found']);
    for (const way of ['/open', '/start', '/submit'])
      expect(refusalOf(await one.workspace.post(path(one) + way))).toEqual([404, 'not_found']);
    expect(refusalOf(await one.workspace.get('/api/candidate/session'))).toEqual([404, 'not_found']);
    expect((await fetch(`${server.url}/s/${one.token}`)).status).toBe(404);
    expect(await listed(one)).toBeUndefined();
    const feed = (await server.owner.get('/v1/events?types=session_erased')).body.events;
    expect(feed).toMatchObject([{ kind: 'organization', data: { sessionId: one.sessionId } }]);
    const again = await inviteAgain(assessmentId, { email: 'deleted@example.com' });
    expect(again.body).toMatchObject({ created: true, session: { attempt: 2, status: 'invited' } });
    expect(again.body.session.id).not.toBe(one.sessionId);
  });
});
