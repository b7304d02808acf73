import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { type AtWork, allEvents, atWork, invite, message, newAssessment } from '../support/candidate.js';
import { endAll, Server } from '../support/server.js';

describe('a session from invitation to submission', () => {
  let server: Server;

  beforeAll(async () => {
    server = await Server.start();
  });

  afterAll(endAll);

  const sessionOf = async (one: AtWork) => (await server.owner.get(`/api/sessions/${one.sessionId}`)).body.session;

  it('nobody_reads_the_task_before_the_clock_runs_and_no_get_changes_anything', async () => {
    const assessmentId = await newAssessment(server.owner, { taskPrompt: 'Build a deck about churn.', role: 'PM' });
    const candidate = await invite(server, assessmentId, 'reader@example.com');
    const path = `/api/sessions/${candidate.sessionId}`;
    const before = (await candidate.workspace.get('/api/candidate/session')).body;
    expect(before.assessment.taskPrompt).toBeNull();
    expect((await fetch(`${server.url}/s/${candidate.token}`)).status).toBe(200);
    expect((await sessionOf(candidate)).status).toBe('invited');

    expect((await candidate.workspace.post(`${path}/open`)).body.session.status).toBe('setup');
    expect((await candidate.workspace.get('/api/candidate/session')).body.assessment.taskPrompt).toBeNull();
    expect((await candidate.workspace.post(`${path}/open`)).status).toBe(200);

    expect((await candidate.workspace.post(`${path}/start`)).body.session.status).toBe('in_progress');
    const view = (await candidate.workspace.get('/api/candidate/session')).body;
    expect(view.assessment.taskPrompt).toBe('Build a deck about churn.');
    expect(view.timer).toMatchObject({ phase: 'task', phaseIndex: 0 });
    expect(Date.parse(view.timer.deadlineAt) - Date.parse((await sessionOf(candidate)).taskStartedAt)).toBe(3_600_000);
  });

  it('what_is_sent_is_read_back_in_order_and_a_repeated_batch_stores_nothing', async () => {
    const candidate = await atWork(server, await newAssessment(server.owner), 'writer@example.com');
    const path = `/api/sessions/${candidate.sessionId}`;
    const events = [
      message('m-1', 'Hello\u0000 \ud800 there'),
      { id: 'r-1', type: 'ai_response', timestampMs: 1, data: { content: 'Hi', own: { deep: [1, null, ''] } } },
      {
        id: 's-1',
        type: 'slide_added',
        timestampMs: 2,
        data: { artifactId: 'deck', slideId: 's1', index: 0, actor: 'candidate' },
      },
    ];
    const first = await candidate.workspace.post(`${path}/events`, { events });
    expect(first.status).toBe(200);
    expect(first.body).toMatchObject({ accepted: ['m-1', 'r-1', 's-1'], duplicates: [], rejected: [] });
    const again = await candidate.workspace.post(`${path}/events`, { events });
    expect(again.body).toMatchObject({ accepted: [], duplicates: ['m-1', 'r-1', 's-1'], lastSeq: first.body.lastSeq });

    const stored = await allEvents(server.owner, candidate.sessionId);
    expect(stored.map((event) => event.id)).toEqual(['m-1', 'r-1', 's-1']);
    for (const [index, event] of stored.entries()) {
      expect(event).toMatchObject({
        sessionId: candidate.sessionId,
        type: events[index]!.type,
        phase: 'task',
        phaseIndex: 0,
      });
      expect(event.data).toMatchObject(events[index]!.data);
    }
    const bySeq = stored.map((event) => event.seq);
    expect(bySeq).toEqual([...bySeq].sort((a, b) => a - b));
    const typed = await server.owner.get(`${path}/events?type=slide_added`);
    expect(typed.body).toMatchObject({ total: 1, limit: 100, offset: 0 });
  });

  it('each_item_of_a_batch_is_judged_by_itself', async () => {
    const candidate = await atWork(server, await newAssessment(server.owner), 'mixed@example.com');
    const answer = await candidate.workspace.post(`/api/sessions/${candidate.sessionId}/events`, {
      events: [
        message('ok'),
        { id: 'x', type: 'nonsense', timestampMs: 1, data: {} },
        { id: 'y', type: 'task_submitted', timestampMs: 1, data: {} },
        { id: 'z', type: 'user_message', timestampMs: -1, data: {} },
        { id: 'big', type: 'user_message', timestampMs: 1, data: { content: 'x'.repeat(300_000) } },
      ],
    });
    expect(answer.body.accepted).toEqual(['ok']);
    expect(
      answer.body.rejected.map((one: { index: number; id: string; code: string }) => [one.index, one.id, one.code]),
    ).toEqual([
      [1, 'x', 'unknown_event_type'],
      [2, 'y', 'forbidden_event_type'],
      [3, 'z', 'invalid_event'],
      [4, 'big', 'event_too_large'],
    ]);
  });

  it('an_event_larger_than_the_log_takes_is_read_back_whole', async () => {
    const candidate = await atWork(server, await newAssessment(server.owner), 'large@example.com');
    const content = 'Ünïcødé 🎉 '.repeat(15_000);
    const answer = await candidate.workspace.post(`/api/sessions/${candidate.sessionId}/events`, {
      events: [message('large', content)],
    });
    expect(answer.body.accepted).toEqual(['large']);
    const [stored] = await allEvents(server.owner, candidate.sessionId);
    expect(stored.data.content).toBe(content);
  });

  it('a_submission_holds_the_deliverable_and_the_snapshot_of_the_configuration', async () => {
    const candidate = await atWork(server, await newAssessment(server.owner), 'done@example.com');
    const path = `/api/sessions/${candidate.sessionId}`;
    await candidate.workspace.post(`${path}/events`, {
      events: [
        {
          id: 'sk',
          type: 'skill_created',
          timestampMs: 1,
          data: { skillId: 'sk1', name: 'Charts', content: 'Draw charts.' },
        },
        { id: 'en', type: 'skill_enabled', timestampMs: 2, data: { skillId: 'sk1' } },
        { id: 'di', type: 'skill_disabled', timestampMs: 3, data: { skillId: 'sk1' } },
        { id: 'me', type: 'memory_added', timestampMs: 4, data: { memoryId: 'm1', content: 'Likes short decks.' } },
      ],
    });
    expect((await candidate.workspace.post(`${path}/checkpoint`, { deliverableState: { slides: 1 } })).body).toEqual({
      ok: true,
    });
    const submitted = await candidate.workspace.post(`${path}/submit`, { deliverableState: { slides: 2 } });
    expect(submitted.status).toBe(200);
    expect(submitted.body).toMatchObject({ ok: true, session: { status: 'submitted', submittedBy: 'candidate' } });
    const again = await candidate.workspace.post(`${path}/submit`, { deliverableState: { slides: 3 } });
    expect(again.status).toBe(200);
    expect(again.body).toEqual(submitted.body);

    const { state } = (await server.owner.get(`${path}/replay`)).body;
    expect(state.deliverableState).toEqual({ slides: 2 });
    const system = await allEvents(server.owner, candidate.sessionId, '&include=system');
    const at = system.findIndex((event) => event.type === 'task_submitted');
    expect(system[at + 1].type).toBe('config_snapshot_taken');
    expect(system[at + 1].createdAt).toBe(system[at].createdAt);
    const snapshot = system.find((event) => event.type === 'config_snapshot_taken').data;
    expect(snapshot.skills).toEqual([expect.objectContaining({ id: 'sk1', name: 'Charts', enabled: false })]);
    expect(snapshot.memory).toEqual([expect.objectContaining({ id: 'm1' })]);
  });

  it('phases_advance_one_at_a_time_and_the_last_one_only_submits', async () => {
    const phases = [
      { name: 'One', brief: 'First.', timeMinutes: 10 },
      { name: 'Two', brief: 'Second.', timeMinutes: 20 },
    ];
    const candidate = await atWork(server, await newAssessment(server.owner, { phases }), 'phases@example.com');
    const path = `/api/sessions/${candidate.sessionId}`;
    const advanced = await candidate.workspace.post(`${path}/advance-phase`, {
      deliverableState: { a: 1 },
      timeRemainingAtEnd: 600,
    });
    expect(advanced.body).toEqual({ ok: true, newPhaseIndex: 1 });
    const { timer } = (await candidate.workspace.get('/api/candidate/session')).body;
    expect(timer.phaseIndex).toBe(1);
    expect(timer.remainingSeconds).toBeGreaterThan(19 * 60);
    const beyond = await candidate.workspace.post(`${path}/advance-phase`, {});
    expect([beyond.status, beyond.body.error.code]).toEqual([409, 'no_next_phase']);
    const stale = await candidate.workspace.post(`${path}/advance-phase`, { expectedPhaseIndex: 0 });
    expect([stale.status, stale.body.error.code]).toEqual([409, 'phase_conflict']);
    expect(stale.body.error.details).toMatchObject({ currentPhaseIndex: 1 });
  });

  it('two_clients_advancing_one_phase_one_wins_and_the_other_gets_409', async () => {
    const phases = ['A', 'B', 'C'].map((name) => ({ name, brief: name, timeMinutes: 10 }));
    const candidate = await atWork(server, await newAssessment(server.owner, { phases }), 'twice@example.com');
    const path = `/api/sessions/${candidate.sessionId}/advance-phase`;
    const answers = await Promise.all([1, 2].map(() => candidate.workspace.post(path, { expectedPhaseIndex: 0 })));
    expect(answers.map((answer) => answer.status).sort()).toEqual([200, 409]);
  });

  it('one_batch_sent_twenty_times_at_once_is_stored_once_and_all_are_answered_200', async () => {
    const candidate = await atWork(server, await newAssessment(server.owner), 'twenty@example.com');
    const events = Array.from({ length: 30 }, (_, index) => message(`e-${index}`));
    const answers = await Promise.all(
      Array.from({ length: 20 }, () =>
        candidate.workspace.post(`/api/sessions/${candidate.sessionId}/events`, { events }),
      ),
    );
    expect(new Set(answers.map((answer) => answer.status))).toEqual(new Set([200]));
    expect(answers.reduce((sum, answer) => sum + answer.body.accepted.length, 0)).toBe(30);
    expect(await allEvents(server.owner, candidate.sessionId)).toHaveLength(30);
  });

  it('fifty_parallel_identical_invites_make_one_session', async () => {
    const assessmentId = await newAssessment(server.owner);
    const answers = await Promise.all(
      Array.from({ length: 50 }, () =>
        server.owner.post(`/api/assessments/${assessmentId}/invite`, { email: 'Fifty@Example.com ', name: 'Fifty' }),
      ),
    );
    expect(answers.filter((answer) => answer.status === 201)).toHaveLength(1);
    expect(answers.filter((answer) => answer.status === 200)).toHaveLength(49);
    expect(new Set(answers.map((answer) => answer.body.inviteUrl)).size).toBe(1);
    expect((await server.owner.get(`/api/sessions?assessmentId=${assessmentId}`)).body.total).toBe(1);
  });
});
