import { fileURLToPath } from 'node:url';
import { afterAll, describe, expect, it } from '@jest/globals';
import { type AtWork, allEvents, atWork, feedOf, message, newAssessment } from '../support/candidate.js';
import { endAll, newDataDir, Server } from '../support/server.js';
import { SharedStores } from '../support/shared-stores.js';
import { until } from '../support/until.js';

const SCORER = fileURLToPath(new URL('../../apps/scoring/src/main.js', import.meta.url));

const submitted = async (server: Server, assessmentId: string, email: string): Promise<AtWork> => {
  const candidate = await atWork(server, assessmentId, email);
  const events = [
    message('m1', 'Which three segments lost most revenue in Q3? Answer as a table, with the rows you used.'),
    { id: 'a1', type: 'ai_response', timestampMs: Date.now(), data: { content: 'Teams of 3–10 seats, rows 14–230.' } },
    message('m2', 'That sum looks wrong: row 17 is counted twice. Please check it and show me how.'),
  ];
  await candidate.workspace.post(`/api/sessions/${candidate.sessionId}/events`, { events });
  const done = await candidate.workspace.post(`/api/sessions/${candidate.sessionId}/submit`, {
    deliverableState: {
      slides: [{ title: 'Small teams leave', body: 'Teams of 3–10 seats lost most revenue in Q3.' }],
    },
  });
  expect(done.status).toBe(200);
  return candidate;
};

const isScored = (server: Server, sessionId: string) =>
  until(
    async () => (await server.owner.get(`/api/sessions/${sessionId}`)).body.session.status,
    (status) => status === 'scored',
    60_000,
  );

describe('scorers', () => {
  afterAll(endAll);

  it('a_submitted_session_becomes_scored_by_itself_with_evidence_that_exists', async () => {
    const server = await Server.start({ env: { VERBATIM_SCORERS: '2' } });
    const { sessionId } = await submitted(server, await newAssessment(server.owner), 'jane@example.com');
    await isScored(server, sessionId);
    const { score } = (await server.owner.get(`/api/sessions/${sessionId}/score`)).body;
    expect(score).toMatchObject({ sessionId, judge: 'offline', model: null });
    expect(new Set(Object.keys(score.autoScores.categories))).toEqual(
      new Set(['deliverable_quality', 'delegation', 'description', 'discernment', 'diligence']),
    );
    const known = new Set((await allEvents(server.owner, sessionId)).map(({ id }) => id));
    const categories = Object.values(score.autoScores.categories) as {
      subCriteria: { evidence: { eventId: string }[] }[];
    }[];
    const cited = categories.flatMap(({ subCriteria }) =>
      subCriteria.flatMap(({ evidence }) => evidence.map(({ eventId }) => eventId)),
    );
    expect(cited.length).toBeGreaterThan(0);
    expect(cited.filter((id) => !known.has(id))).toEqual([]);
    expect(score.followUpQuestions.length).toBeGreaterThan(0);
    await until(
      async () => String((await server.as(undefined).get('/metrics')).body),
      (metrics) => /^verbatim_group_waiting\{group="scoring"\} 0$/m.test(metrics),
    );
    await server.stop();
  });

  it('what_an_assessment_does_not_score_by_itself_waits_until_somebody_asks', async () => {
    const server = await Server.start({ env: { VERBATIM_SCORERS: '2' } });
    const assessmentId = await newAssessment(server.owner, { autoScore: false });
    const waiting = await submitted(server, assessmentId, 'patient@example.com');
    const byItself = await submitted(server, await newAssessment(server.owner), 'jane@example.com');
    await isScored(server, byItself.sessionId);
    const { body } = await server.owner.get(`/api/sessions/${waiting.sessionId}`);
    expect(body.session.status).toBe('submitted');
    const asked = await server.owner.post('/api/scoring', { sessionId: waiting.sessionId });
    expect([asked.status, asked.body.score?.sessionId]).toEqual([200, waiting.sessionId]);
    await server.stop();
  });

  it('scorers_of_their_own_share_the_work_where_stores_are_shared_and_are_refused_elsewhere', async () => {
    const dataDir = await newDataDir();
    const isShared = Object.keys(await SharedStores.settingsFor(dataDir)).length > 0;
    const server = await Server.start({ dataDir });
    const scorers = await Promise.all(
      [1, 2].map(() => Server.launch({ dataDir, main: SCORER, env: { VERBATIM_SCORERS: '1' } })),
    );
    if (!isShared) {
      for (const scorer of scorers) {
        expect(await scorer.exited()).toBe(1);
        expect(scorer.printed).toContain(`the data directory ${dataDir} belongs to one process`);
      }
      await server.stop();
      return;
    }
    const assessmentId = await newAssessment(server.owner);
    const emails = Array.from({ length: 8 }, (_, index) => `c${index}@example.com`);
    const sessions = await Promise.all(emails.map((email) => submitted(server, assessmentId, email)));
    await isScored(server, sessions[0]!.sessionId);
    await scorers[0]!.kill();
    for (const { sessionId } of sessions) await isScored(server, sessionId);
    const recorded = (await feedOf(server.owner, ['score_recorded'])).map(({ subjectId }) => subjectId);
    expect(recorded).toHaveLength(sessions.length);
    expect(new Set(recorded)).toEqual(new Set(sessions.map(({ sessionId }) => sessionId)));
    expect(await scorers[1]!.stop()).toBe(0);
    await server.stop();
  });
});
