import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { findBytes } from '../support/byte-search.js';
import type { Caller } from '../support/caller.js';
import { DescribedAnswers } from '../support/described-answers.js';
import { refusalOf } from '../support/refusal.js';
import { outOf100, SAID, scoredBy, submitted } from '../support/scoring.js';
import { endAll, Server } from '../support/server.js';
import { until } from '../support/until.js';

describe('scores, as callers make, read and review them', () => {
  let server: Server;
  let scorer: Caller;
  let reviewer: Caller;

  beforeAll(async () => {
    server = await Server.start({ env: { VERBATIM_SCORERS: '2' } });
    const as = async (role: string) =>
      server.as((await server.owner.post('/api/api-keys', { name: `the ${role}`, role })).body.key);
    [scorer, reviewer] = [await as('scorer'), await as('reviewer')];
  });
  afterAll(endAll);

  it('a_submission_is_scored_from_elsewhere_reviewed_and_answers_as_it_is_described', async () => {
    const described = new DescribedAnswers((await server.owner.get('/openapi.json')).body);
    const { sessionId } = await submitted(server);
    const of = (tail: string) => `/api/sessions/${sessionId}/${tail}`;
    const fits = (method: string, path: string, answer: Parameters<DescribedAnswers['misfit']>[2]) =>
      expect(described.misfit(method, path, answer)).toBeUndefined();

    fits('GET', '/api/sessions/{sessionId}/submission', await scorer.get(of('submission')));
    const posted = await scorer.post(of('scores'), outOf100(71.5, { summaryText: 'Solid.' }));
    expect(posted).toMatchObject({ status: 201, body: { score: { finalScore: 71.5, judge: 'external' } } });
    fits('POST', '/api/sessions/{sessionId}/scores', posted);
    fits('GET', '/api/sessions/{sessionId}/score', await reviewer.get(of('score')));
    fits('GET', '/api/sessions/{sessionId}/scores', await reviewer.get(of('scores')));

    const adjustments = [{ categoryId: 'work', score: 80, reason: 'The second page is better than it looks.' }];
    const reviewed = await reviewer.post(of('review'), { adjustments, decision: 'advance' });
    expect(reviewed.body).toMatchObject({
      session: { status: 'reviewed' },
      score: { rawTotal: 71.5, finalTotal: 80, decision: 'advance', reviews: [{ byName: 'the reviewer' }] },
    });
    fits('POST', '/api/sessions/{sessionId}/review', reviewed);
    const list = (await server.owner.get('/api/sessions?status=reviewed')).body.sessions;
    expect(list.map(({ id }: { id: string }) => id)).toContain(sessionId);
    fits('GET', '/api/scoring/parked', await reviewer.get('/api/scoring/parked'));
    expect(refusalOf(await scorer.post('/api/scoring', { sessionId }))).toEqual([409, 'invalid_status_transition']);
  });

  it('a_decision_to_hire_is_the_third_status_of_the_cohort', async () => {
    const task = { title: 'Backend', role: 'Engineer', taskBrief: 'Fix the export.' };
    const { id } = (await server.owner.post('/v1/assessments', task)).body.assessment;
    const { key } = (await server.owner.post(`/v1/assessments/${id}/keys`, { count: 1 })).body.keys[0];
    const redeemed = (await server.as(undefined).post('/v1/candidate/redeem', { key })).body;
    const { sessionId, sessionToken } = redeemed;
    const tool = server.as(sessionToken);
    await tool.post('/v1/hooks/ingest', {
      id: 'm-1',
      sessionId,
      ts: Date.now(),
      kind: 'prompt',
      data: { content: SAID },
    });
    await tool.post('/v1/candidate/complete', { sessionId });
    const evidence = [{ eventId: 'm-1', quote: SAID }];
    const categories = [{ categoryId: 'delegation', subCriteria: [{ id: 'task_division', score: 4, evidence }] }];
    await scoredBy(scorer, reviewer, sessionId, { categories });
    await reviewer.post(`/api/sessions/${sessionId}/review`, { decision: 'hired' });
    const status = async () => (await server.owner.get(`/v1/assessments/${id}/keys`)).body.keys[0].status;
    expect(await status()).toBe('hired');
    const stats = (await server.owner.get(`/v1/assessments/${id}/cohort-stats`)).body.cohortStats;
    expect(stats.sessionCount).toBe(1);
  });

  it('a_session_is_scored_by_itself_and_again_when_somebody_asks_and_both_runs_stay', async () => {
    const { sessionId } = await submitted(server, { autoScore: true });
    const path = `/api/sessions/${sessionId}`;
    const first = (
      await until(
        () => reviewer.get(`${path}/score`),
        ({ status }) => status === 200,
      )
    ).body.score;
    expect(first).toMatchObject({ judge: 'offline', current: true, rubricVersion: 1 });
    const asked = await reviewer.post('/api/scoring', { sessionId });
    expect(asked).toMatchObject({ status: 200, body: { score: { judge: 'offline', finalScore: first.finalScore } } });
    const { scores } = (await reviewer.get(`${path}/scores`)).body;
    expect(scores.map(({ id, current }: Record<string, unknown>) => [id, current])).toEqual([
      [first.id, false],
      [asked.body.score.id, true],
    ]);
  });

  it('scorers_who_come_at_once_leave_one_current_score_and_every_run_of_theirs', async () => {
    const { sessionId } = await submitted(server);
    const path = `/api/sessions/${sessionId}/scores`;
    const answers = await Promise.all(
      Array.from({ length: 12 }, (_, at) => scorer.post(path, { ...outOf100(at), id: `run-${at % 6}` })),
    );
    expect(answers.filter(({ status }) => status === 201).length).toBeGreaterThanOrEqual(6);
    for (const { status } of answers) expect([201, 409]).toContain(status);
    const { scores } = (await reviewer.get(path)).body;
    expect(scores).toHaveLength(6);
    expect(scores.filter(({ current }: { current: boolean }) => current)).toEqual([scores[5]]);
  });

  it('deleting_a_session_takes_its_scores_reviews_and_feedback_along_to_the_last_byte', async () => {
    const words = { summaryText: 'Canary-of-the-summary', feedbackText: 'Canary-of-the-feedback' };
    const { sessionId } = await submitted(server, { sendFeedback: true, feedbackDelayHours: 0 });
    await scorer.post(`/api/sessions/${sessionId}/scores`, outOf100(50, words));
    await reviewer.post(`/api/sessions/${sessionId}/review`, { note: 'Canary-of-the-note' });
    const traces = { ...words, note: 'Canary-of-the-note' };
    // Sealed in the log; only the letter in the outbox can be read.
    const found = await until(
      async () => findBytes(server.dataDir, traces),
      ({ length }) => length > 0,
    );
    for (const place of found) expect(place).toMatch(/^feedbackText .*outbox/);
    expect((await server.owner.delete(`/api/sessions/${sessionId}`)).status).toBe(200);
    for (const tail of ['score', 'scores', 'submission'])
      expect(refusalOf(await reviewer.get(`/api/sessions/${sessionId}/${tail}`))).toEqual([404, 'not_found']);
    await until(
      async () => findBytes(server.dataDir, traces),
      ({ length }) => length === 0,
    );
  });
});
