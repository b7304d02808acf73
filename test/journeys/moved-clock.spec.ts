import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { type AtWork, allEvents, atWork, invite, message, newAssessment } from '../support/candidate.js';
import { refusalOf } from '../support/refusal.js';
import { endAll, newDataDir, Server } from '../support/server.js';
import { until } from '../support/until.js';

const MINUTE = 60_000;

/** One data directory, and a server that is started again and again with its clock elsewhere. The tests follow in order. */
describe('sessions while the clock moves on', () => {
  let server: Server;
  let dataDir: string;
  let began: number;
  let dueDate: string;
  let timed: string;
  let dated: string;
  let unopened: AtWork;
  let inSetup: AtWork;
  let atDue: AtWork;
  let byTimer: AtWork;
  let outage: AtWork;

  beforeAll(async () => {
    dataDir = await newDataDir();
    server = await Server.start({ dataDir });
    began = Date.now();
    dueDate = new Date(began + 60 * MINUTE).toISOString();
    timed = await newAssessment(server.owner, { setupTimeMinutes: 0, taskTimeMinutes: 30 });
    dated = await newAssessment(server.owner, { setupTimeMinutes: 240, taskTimeMinutes: 120, dueDate });
    unopened = await invite(server, dated, 'unopened@example.com');
    inSetup = await invite(server, dated, 'setup@example.com');
    await inSetup.workspace.post(`${path(inSetup)}/open`);
    atDue = await atWork(server, dated, 'due@example.com');
    outage = await atWork(server, timed, 'outage@example.com');
    byTimer = await atWork(server, timed, 'timer@example.com');
    for (const one of [byTimer, outage, atDue]) {
      await one.workspace.post(`${path(one)}/events`, { events: [message('in time')] });
      await one.workspace.post(`${path(one)}/checkpoint`, { deliverableState: { saved: 'in time' } });
    }
  });

  afterAll(endAll);

  const path = (one: AtWork) => `/api/sessions/${one.sessionId}`;
  const now = (one: AtWork) => server.as(one.token);
  const sessionOf = async (one: AtWork) => (await server.owner.get(path(one))).body.session;
  const send = (one: AtWork, ...ids: string[]) =>
    now(one).post(`${path(one)}/events`, { events: ids.map((id) => message(id)) });
  const count = async (one: AtWork, type: string) =>
    (await allEvents(server.owner, one.sessionId, `&type=${type}`)).length;
  const submitted = (one: AtWork) =>
    until(
      () => sessionOf(one),
      (session) => session.status === 'submitted',
    );

  /** Ends the server and starts it where the machine's clock will be `at`. */
  const moveTo = async (at: number, how: 'stop' | 'kill' = 'stop') => {
    await server[how]();
    server = await Server.start({ dataDir, clockOffsetMs: Math.max(1, at - Date.now()) });
  };

  it('what_arrives_within_thirty_seconds_after_the_deadline_is_kept_as_late_and_is_no_part_of_the_submission', async () => {
    const deadline = Date.parse((await now(byTimer).get('/api/candidate/session')).body.timer.deadlineAt);
    await moveTo(deadline + 1000, 'kill');
    const answer = await send(byTimer, 'on its way');
    expect([answer.status, answer.body.accepted]).toEqual([200, ['on its way']]);
    const session = await submitted(byTimer);
    expect(session).toMatchObject({ submittedBy: 'timer', submittedAt: new Date(deadline).toISOString() });
    const events = await allEvents(server.owner, byTimer.sessionId);
    expect(events.map(({ id, type, late }) => [type === 'user_message' ? id : type, late])).toEqual([
      ['in time', undefined],
      ['time_expired', undefined],
      ['task_submitted', undefined],
      ['on its way', true],
    ]);
    const submit = await now(byTimer).post(`${path(byTimer)}/submit`, { deliverableState: { saved: 'too late' } });
    expect([submit.status, submit.body.session]).toEqual([200, { ...session, token: null }]);
    expect((await server.owner.get(`${path(byTimer)}/replay`)).body.state.deliverableState).toEqual({
      saved: 'in time',
    });
  });

  it('later_events_are_refused_and_known_ones_are_still_answered_as_known', async () => {
    await moveTo(began + 120 * MINUTE);
    await submitted(byTimer);
    expect(refusalOf(await send(byTimer, 'much later'))).toEqual([409, 'session_closed']);
    const known = await send(byTimer, 'in time', 'on its way');
    expect([known.status, known.body.duplicates]).toEqual([200, ['in time', 'on its way']]);
    const mixed = await send(byTimer, 'in time', 'much later');
    expect(mixed.body).toMatchObject({ duplicates: ['in time'], rejected: [{ index: 1, code: 'session_closed' }] });
    expect(await count(byTimer, 'user_message')).toBe(2);
  });

  it('the_due_date_submits_what_runs_at_its_own_time_with_the_last_checkpoint', async () => {
    expect(await submitted(atDue)).toMatchObject({ submittedBy: 'due_date', submittedAt: dueDate });
    const [expired] = await allEvents(server.owner, atDue.sessionId, '&type=time_expired');
    expect(expired.data).toMatchObject({ scope: 'due_date', deadlineAt: dueDate, autoSubmitted: true });
    expect((await server.owner.get(`${path(atDue)}/replay`)).body.state.deliverableState).toEqual({ saved: 'in time' });
  });

  it('past_its_due_date_nothing_can_be_begun_until_somebody_moves_it', async () => {
    for (const [one, status, way] of [
      [unopened, 'invited', 'open'],
      [unopened, 'invited', 'start'],
      [inSetup, 'setup', 'start'],
    ] as const) {
      expect(refusalOf(await now(one).post(`${path(one)}/${way}`))).toEqual([410, 'due_date_passed']);
      expect(await sessionOf(one)).toMatchObject({ status, accessExpired: true, closedReason: null });
    }
    const { sessions } = (await server.owner.get('/api/sessions?status=invited')).body;
    expect(sessions).toMatchObject([{ id: unopened.sessionId, accessExpired: true }]);
    const later = new Date(began + 600 * MINUTE).toISOString();
    const moved = await server.owner.patch(path(inSetup), { dueDate: later });
    expect(moved.body.session).toMatchObject({ accessExpired: false, effectiveDueDate: later, status: 'setup' });
    expect((await now(inSetup).post(`${path(inSetup)}/start`)).body.session.status).toBe('in_progress');
  });

  it('who_never_opened_in_time_is_invited_anew_and_who_did_keeps_the_session', async () => {
    const again = (email: string, fields: object = {}) =>
      server.owner.post(`/api/assessments/${dated}/invite`, { email, sendEmail: false, ...fields });
    expect(refusalOf(await again('unopened@example.com'))).toEqual([400, 'due_date_in_past', 'dueDate']);
    const anew = await again('unopened@example.com', { dueDate: new Date(began + 600 * MINUTE).toISOString() });
    expect(anew.body).toMatchObject({ created: true, session: { attempt: 2, status: 'invited' } });
    const kept = await again('due@example.com');
    expect(kept.body).toMatchObject({ created: false, session: { id: atDue.sessionId, status: 'submitted' } });
  });

  it('what_an_outage_cost_is_given_back_and_the_clock_submits_it_again_once', async () => {
    await submitted(outage);
    const reopen = { minutes: 10, reason: 'The building had no power.' };
    const reopened = await server.owner.patch(path(outage), { reopen });
    expect(reopened.body.session).toMatchObject({ status: 'in_progress', submittedAt: null, submittedBy: null });
    const view = (await now(outage).get('/api/candidate/session')).body;
    expect(view.deliverableState).toEqual({ saved: 'in time' });
    expect(view.timer.remainingSeconds).toBeGreaterThan(590);
    expect((await send(outage, 'after all')).body.accepted).toEqual(['after all']);
    await moveTo(began + 140 * MINUTE, 'kill');
    expect(await submitted(outage)).toMatchObject({ submittedBy: 'timer', submittedAt: view.timer.deadlineAt });
    expect([await count(outage, 'time_expired'), await count(outage, 'task_submitted')]).toEqual([2, 2]);
    const facts = await allEvents(server.owner, outage.sessionId, '&include=system');
    expect(facts.filter(({ type }) => type === 'session_reopened')).toMatchObject([
      { data: { reason: reopen.reason } },
    ]);
  });

  it('a_clock_that_was_set_back_loses_nothing_and_undoes_nothing', async () => {
    await moveTo(Date.now());
    expect(await sessionOf(outage)).toMatchObject({ status: 'submitted', submittedBy: 'timer' });
    expect(await sessionOf(inSetup)).toMatchObject({ status: 'in_progress' });
    expect((await send(inSetup, 'from the past')).body.accepted).toEqual(['from the past']);
    const submit = await now(inSetup).post(`${path(inSetup)}/submit`, {});
    expect(submit.body.session).toMatchObject({ status: 'submitted', submittedBy: 'candidate' });
    const { taskStartedAt, submittedAt } = submit.body.session;
    expect(Date.parse(submittedAt)).toBeGreaterThanOrEqual(Date.parse(taskStartedAt));
    const anew = await atWork(server, timed, 'anew@example.com');
    expect((await send(anew, 'hello')).status).toBe(200);
    expect((await server.owner.get('/health/ready')).status).toBe(200);
  });

  it('nine_years_on_what_was_left_open_is_closed_and_all_of_it_can_still_be_read', async () => {
    await moveTo(Date.now() + 9 * 365 * 24 * 60 * MINUTE);
    const { sessions } = await until(
      async () => (await server.owner.get('/api/sessions?limit=100')).body,
      (page) => page.sessions.every(({ status }: { status: string }) => status !== 'in_progress'),
    );
    for (const { id } of sessions) expect((await server.owner.get(`/api/sessions/${id}/export`)).status).toBe(200);
    expect(server.printed).not.toContain('"level":"error"');
  });
});
