import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { refusal, SessionDesk, said } from './testing/session-desk.js';

const MINUTE = 60_000;
const PHASES = [
  { name: 'One', brief: 'First this.', timeMinutes: 10 },
  { name: 'Two', brief: 'Then that.', timeMinutes: 20 },
];

let desk: SessionDesk;

beforeAll(async () => {
  desk = await SessionDesk.open();
});

afterAll(() => desk.close());

const workspace = async (token: string) => (await desk.get('/api/candidate/session', token)).body;

describe('the workspace', () => {
  it('tells_what_how_long_and_by_when_and_no_task_before_its_clock_runs', async () => {
    const dueDate = new Date(desk.api.clock.now() + 24 * 60 * MINUTE).toISOString();
    const candidate = await desk.invite(await desk.assess({ phases: PHASES, dueDate }));
    const shown = await workspace(candidate.token);
    expect(shown).toMatchObject({
      session: { status: 'invited', effectiveDueDate: dueDate, candidateName: candidate.name, token: null },
      assessment: { name: 'Analyst', taskPrompt: null, setupTimeMinutes: 10, taskTimeMinutes: 30 },
      timer: null,
      deliverableState: null,
      serverNow: new Date(desk.api.clock.now()).toISOString(),
    });
    expect(shown.assessment.phases).toEqual([
      { index: 0, name: 'One', timeMinutes: 10, brief: null },
      { index: 1, name: 'Two', timeMinutes: 20, brief: null },
    ]);
    await desk.post(candidate, '/open');
    const setup = await workspace(candidate.token);
    expect(setup.timer).toMatchObject({ phase: 'setup', phaseIndex: 0, remainingSeconds: 600 });
    expect(setup.assessment.taskPrompt).toBeNull();
  });

  it("shows_a_phase's_brief_and_what_was_saved_in_it_only_while_it_is_there", async () => {
    const candidate = await desk.atWork({ phases: PHASES });
    await desk.post(candidate, '/checkpoint', { deliverableState: { text: 'one' } });
    const first = await workspace(candidate.token);
    expect(first.assessment.phases.map(({ brief }: { brief: string | null }) => brief)).toEqual(['First this.', null]);
    expect(first).toMatchObject({ assessment: { taskPrompt: 'Read the numbers.' }, deliverableState: { text: 'one' } });
    expect((await desk.post(candidate, '/advance-phase')).body).toEqual({ ok: true, newPhaseIndex: 1 });
    const second = await workspace(candidate.token);
    expect(second.assessment.phases[1].brief).toBe('Then that.');
    expect(second).toMatchObject({ deliverableState: null, timer: { phaseIndex: 1, remainingSeconds: 1200 } });
  });

  it('opens_and_starts_once_and_later_changes_nothing', async () => {
    const candidate = await desk.invite(await desk.assess());
    for (const _ of [1, 2])
      expect((await desk.post(candidate, '/open')).body.session).toMatchObject({
        status: 'setup',
        taskStartedAt: null,
      });
    desk.api.clock.advance(MINUTE);
    const started = (await desk.post(candidate, '/start')).body;
    desk.api.clock.advance(MINUTE);
    expect((await desk.post(candidate, '/start')).body).toEqual(started);
    expect((await desk.post(candidate, '/open')).body).toEqual(started);
  });

  it('cannot_be_entered_after_the_due_date', async () => {
    const dueDate = new Date(desk.api.clock.now() + MINUTE).toISOString();
    const candidate = await desk.invite(await desk.assess(), { dueDate });
    desk.api.clock.advance(2 * MINUTE);
    for (const path of ['/open', '/start'])
      expect(await desk.post(candidate, path)).toMatchObject(refusal(410, 'due_date_passed'));
    expect(await workspace(candidate.token)).toMatchObject({ session: { status: 'invited', accessExpired: true } });
  });
});

describe('what a workspace sends', () => {
  it.each([
    ['/checkpoint', 'no state', {}, 'missing_parameter', 'deliverableState'],
    ['/checkpoint', 'a state that is no object', { deliverableState: 'text' }, 'invalid_parameter', 'deliverableState'],
    ['/submit', 'a state that is a list', { deliverableState: [] }, 'invalid_parameter', 'deliverableState'],
    ['/advance-phase', 'negative seconds', { timeRemainingAtEnd: -1 }, 'invalid_parameter', 'timeRemainingAtEnd'],
    [
      '/advance-phase',
      'more seconds than a week has',
      { timeRemainingAtEnd: 604_801 },
      'invalid_parameter',
      'timeRemainingAtEnd',
    ],
    [
      '/advance-phase',
      'a phase that is no number',
      { expectedPhaseIndex: 'first' },
      'invalid_parameter',
      'expectedPhaseIndex',
    ],
    ['/events', 'no list', {}, 'missing_parameter', 'events'],
    ['/events', 'an empty list', { events: [] }, 'invalid_parameter', 'events'],
    [
      '/events',
      '501 events',
      { events: Array.from({ length: 501 }, (_, at) => said(`${at}`)) },
      'invalid_parameter',
      'events',
    ],
  ])('by POST %s with %s is refused whatever the status', async (path, _, body, code, param) => {
    const candidate = await desk.invite(await desk.assess());
    expect(await desk.post(candidate, path, body)).toMatchObject({ status: 400, body: { error: { code, param } } });
  });

  it('is_answered_item_by_item_in_the_order_sent', async () => {
    const candidate = await desk.atWork();
    await desk.record(candidate, 'known');
    const items = [
      said('one'),
      said('known'),
      { ...said('odd'), type: 'telepathy' },
      { ...said('ours'), type: 'task_submitted' },
      { ...said('bad'), timestampMs: 1.5 },
      'nothing',
      said('one'),
      said('two'),
    ];
    const { status, body } = await desk.post(candidate, '/events', { events: items });
    expect(status).toBe(200);
    expect(body).toMatchObject({ accepted: ['one', 'two'], duplicates: ['known', 'one'], lastSeq: 5 });
    expect(body.rejected.map(({ index, id, code }: Record<string, unknown>) => [index, id, code])).toEqual([
      [2, 'odd', 'unknown_event_type'],
      [3, 'ours', 'forbidden_event_type'],
      [4, 'bad', 'invalid_event'],
      [5, null, 'invalid_event'],
    ]);
  });

  it('is_too_large_beyond_the_limits_of_its_route', async () => {
    const candidate = await desk.atWork();
    const text = (mebibytes: number) => 'x'.repeat(mebibytes * 1024 * 1024);
    const large = { deliverableState: { text: text(5) } };
    for (const path of ['/checkpoint', '/advance-phase', '/submit'])
      expect(await desk.post(candidate, path, large)).toMatchObject(refusal(413, 'payload_too_large'));
    const events = [{ ...said('huge'), data: { content: text(2) } }];
    expect(await desk.post(candidate, '/events', { events })).toMatchObject(refusal(413, 'payload_too_large'));
    const fits = await desk.post(candidate, '/checkpoint', { deliverableState: { text: text(4) } });
    expect(fits).toMatchObject({ status: 200, body: { ok: true } });
  });

  it('after_the_close_is_kept_as_late_for_a_while_and_then_refused_but_what_is_known_stays_known', async () => {
    const candidate = await desk.atWork();
    await desk.record(candidate, 'before');
    const submitted = await desk.post(candidate, '/submit', { deliverableState: { done: true } });
    desk.api.clock.advance(29_000);
    expect((await desk.record(candidate, 'late')).body.accepted).toEqual(['late']);
    desk.api.clock.advance(2000);
    expect(await desk.record(candidate, 'too late')).toMatchObject(refusal(409, 'session_closed'));
    expect((await desk.record(candidate, 'before', 'late')).body.duplicates).toEqual(['before', 'late']);
    expect((await desk.post(candidate, '/submit')).body).toEqual(submitted.body);
    const { events } = (await desk.get(`${candidate.path}/events?type=user_message`)).body;
    expect(events).toMatchObject([{ id: 'before' }, { id: 'late', late: true }]);
    expect(events[0]).not.toHaveProperty('late');
    for (const path of ['/checkpoint', '/advance-phase'])
      expect((await desk.post(candidate, path, { deliverableState: {} })).status).toBe(409);
  });

  it('cannot_be_submitted_before_it_was_begun', async () => {
    const candidate = await desk.invite(await desk.assess());
    expect(await desk.post(candidate, '/submit')).toMatchObject(refusal(409, 'invalid_status_transition'));
  });
});
