import { setTimeout as delay } from 'node:timers/promises';
import { afterAll, describe, expect, it } from '@jest/globals';
import { allEvents, atWork, invite, message, newAssessment } from '../support/candidate.js';
import { endAll, newDataDir, Server } from '../support/server.js';
import { until } from '../support/until.js';
import { ROUNDS } from './rounds.js';

const MINUTE = 60_000;

describe('deadlines across restarts', () => {
  afterAll(endAll);

  it('a_deadline_missed_while_the_server_was_down_fires_once_stamped_with_its_own_time', async () => {
    const dataDir = await newDataDir();
    let server = await Server.start({ dataDir });
    const assessmentId = await newAssessment(server.owner, { taskTimeMinutes: 30, setupTimeMinutes: 0 });
    const candidate = await atWork(server, assessmentId, 'late@example.com');
    const deliverableState = { text: 'half a page' };
    expect(
      (await candidate.workspace.post(`/api/sessions/${candidate.sessionId}/checkpoint`, { deliverableState })).status,
    ).toBe(200);
    const { timer } = (await candidate.workspace.get('/api/candidate/session')).body;
    await server.kill();

    for (const clockOffsetMs of [3 * 60 * MINUTE, 4 * 60 * MINUTE]) {
      server = await Server.start({ dataDir, clockOffsetMs });
      await untilStatus(server, candidate.sessionId, 'submitted');
      const events = await allEvents(server.owner, candidate.sessionId);
      const expired = events.filter((event) => event.type === 'time_expired');
      const submitted = events.filter((event) => event.type === 'task_submitted');
      expect(expired).toHaveLength(1);
      expect(submitted).toHaveLength(1);
      expect(expired[0].data.deadlineAt).toBe(timer.deadlineAt);
      expect(expired[0].timestampMs).toBe(Date.parse(timer.deadlineAt));
      const { session } = (await server.owner.get(`/api/sessions/${candidate.sessionId}`)).body;
      expect(session.submittedAt).toBe(timer.deadlineAt);
      expect(session.submittedBy).toBe('timer');
      await server.stop();
    }
  });

  it('every_missed_deadline_of_a_multi_phase_session_fires_in_order_each_counting_from_the_last', async () => {
    const dataDir = await newDataDir();
    let server = await Server.start({ dataDir });
    const assessmentId = await newAssessment(server.owner, {
      setupTimeMinutes: 5,
      phases: [
        { name: 'Read', brief: 'Read the brief.', timeMinutes: 10 },
        { name: 'Draft', brief: 'Draft.', timeMinutes: 20 },
        { name: 'Polish', brief: 'Polish.', timeMinutes: 30 },
      ],
    });
    const candidate = await invite(server, assessmentId, 'phases@example.com');
    expect((await candidate.workspace.post(`/api/sessions/${candidate.sessionId}/open`)).status).toBe(200);
    const opened = (await server.owner.get(`/api/sessions/${candidate.sessionId}`)).body.session;
    await server.kill();
    server = await Server.start({ dataDir, clockOffsetMs: 24 * 60 * MINUTE });
    await untilStatus(server, candidate.sessionId, 'submitted');
    const at = (minutes: number) => new Date(Date.parse(opened.setupStartedAt) + minutes * MINUTE).toISOString();
    const events = await allEvents(server.owner, candidate.sessionId);
    expect(events.filter((event) => event.type === 'time_expired').map((event) => event.data.deadlineAt)).toEqual([
      at(5),
      at(15),
      at(35),
      at(65),
    ]);
    const { session } = (await server.owner.get(`/api/sessions/${candidate.sessionId}`)).body;
    expect(session).toMatchObject({ taskStartedAt: at(5), submittedAt: at(65), submittedBy: 'timer' });
  });

  it(
    'submit_racing_the_deadline_ends_in_one_submission_that_holds_the_deliverable',
    async () => {
      const dataDir = await newDataDir();
      let server = await Server.start({ dataDir });
      const assessmentId = await newAssessment(server.owner, { taskTimeMinutes: 1, setupTimeMinutes: 0 });
      for (let round = 0; round < Math.min(ROUNDS, 10); round += 1) {
        const candidate = await atWork(server, assessmentId, `race${round}@example.com`);
        const path = `/api/sessions/${candidate.sessionId}`;
        const saved = { draft: `saved in round ${round}` };
        await candidate.workspace.post(`${path}/checkpoint`, { deliverableState: saved });
        await candidate.workspace.post(`${path}/events`, { events: [message('only-one')] });
        const { timer, serverNow } = (await candidate.workspace.get('/api/candidate/session')).body;
        const left = Date.parse(timer.deadlineAt) - Date.parse(serverNow);
        await server.stop();
        // A second and a half before the deadline by the server's clock; a slow start only makes the clock win.
        server = await Server.start({ dataDir, clockOffsetMs: left - 1500 });
        const workspace = server.as(candidate.token);
        const now = (await workspace.get('/api/candidate/session')).body;
        await delay(Math.max(0, Date.parse(timer.deadlineAt) - Date.parse(now.serverNow) - 15 + round * 3));
        const submits = Array.from({ length: 8 }, () =>
          workspace.post(`${path}/submit`, { deliverableState: { draft: 'sent at the last moment' } }),
        );
        for (const answer of await Promise.all(submits)) expect(answer.status).toBe(200);
        const events = await allEvents(server.owner, candidate.sessionId);
        expect(events.filter((event) => event.type === 'task_submitted')).toHaveLength(1);
        const { session } = (await server.owner.get(path)).body;
        expect(['candidate', 'timer']).toContain(session.submittedBy);
        expect(Date.parse(session.submittedAt)).toBeLessThanOrEqual(Date.parse(timer.deadlineAt));
        const { state } = (await server.owner.get(`${path}/replay`)).body;
        expect(state.deliverableState).toEqual(
          session.submittedBy === 'candidate' ? { draft: 'sent at the last moment' } : saved,
        );
        await server.stop();
        server = await Server.start({ dataDir });
      }
    },
    90_000 + ROUNDS * 15_000,
  );
});

const untilStatus = async (server: Server, sessionId: string, status: string): Promise<void> => {
  const ask = async () => (await server.owner.get(`/api/sessions/${sessionId}`)).body.session?.status;
  await until(ask, (found) => found === status, 30_000);
};
