import { setImmediate } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { refusal, SessionDesk } from '../sessions/testing/session-desk.js';
import { brought, MANUAL, post, QUOTED, reviewed, scoredAt, submitted } from './testing/scored-session.js';

let desk: SessionDesk;
beforeAll(async () => {
  desk = await SessionDesk.open();
});
afterAll(() => desk.close());

const scored = (...scores: Parameters<typeof brought>) => scoredAt(desk, ...scores);
const review = (path: string, body: object, key?: string) => reviewed(desk, path, body, key);

describe('scores (W7)', () => {
  it('made again stand beside each other, and the last one is current', async () => {
    const candidate = await scored(30, 20, 10);
    await post(desk, candidate, brought(40, 20, 40));
    const { scores } = (await desk.get(`${candidate.path}/scores`)).body;
    expect(scores.map(({ finalScore, current }: Record<string, unknown>) => [finalScore, current])).toEqual([
      [60, false],
      [100, true],
    ]);
    expect((await desk.get(`${candidate.path}/score`)).body.score).toEqual(scores[1]);
  });

  it('are 404 before there is one, and none of a stranger', async () => {
    const candidate = await submitted(desk);
    expect(await desk.get(`${candidate.path}/score`)).toMatchObject(refusal(404, 'not_found'));
    expect((await desk.get(`${candidate.path}/scores`)).body).toEqual({ scores: [] });
    expect(await desk.get(`${candidate.path}/scores`, desk.stranger)).toMatchObject(refusal(404, 'not_found'));
  });

  it('rank a session among others of its assessment, its role and its organization, and of nobody else', async () => {
    const assessmentId = await desk.assess({ ...MANUAL, role: 'Rank  Tester' });
    const other = await desk.assess({ ...MANUAL, role: 'rank tester' });
    const at = async (id: string, points: number) => {
      const candidate = await desk.invite(id);
      await desk.post(candidate, '/start');
      await desk.post(candidate, '/events', { events: [{ ...QUOTED }] });
      await desk.post(candidate, '/submit');
      await post(desk, candidate, brought(0, 0, points));
      return candidate;
    };
    const low = await at(assessmentId, 10);
    const middle = await at(assessmentId, 20);
    await at(assessmentId, 20);
    await at(other, 40);
    const ranks = async (path: string) => {
      const { score } = (await desk.get(`${path}/score`)).body;
      return [score.percentileThisAssessment, score.percentileCategory];
    };
    expect(await ranks(low.path)).toEqual([0, 0]);
    expect(await ranks(middle.path)).toEqual([50, 33.3]);
    await review(low.path, { adjustments: [{ categoryId: 'care', score: 30, reason: 'It was careful.' }] });
    expect(await ranks(low.path)).toEqual([100, 66.7]);
    await desk.api.ask('DELETE', low.path);
    expect(await ranks(middle.path)).toEqual([0, 0]);
  });
});

describe('asking for a score (W6)', () => {
  const ask = (sessionId: string, key = desk.keys.reviewer, waitSeconds = 0) =>
    desk.api.ask('POST', '/api/scoring', { sessionId, waitSeconds }, key);

  it('is answered 202 while it is being made, and by the score when a scorer brings it', async () => {
    const candidate = await submitted(desk);
    const asked = ask(candidate.id, desk.keys.scorer, 30);
    while (!(await types(candidate.path)).includes('scoring_requested')) await setImmediate();
    await post(desk, candidate, brought(30, 20, 10));
    expect(await asked).toMatchObject({ status: 200, body: { score: { finalScore: 60, sessionId: candidate.id } } });
  });

  it('joins what is asked for already', async () => {
    const candidate = await submitted(desk);
    for (const key of [desk.keys.reviewer, desk.keys.admin, desk.keys.scorer])
      expect(await ask(candidate.id, key)).toMatchObject({ status: 202, body: { session: { id: candidate.id } } });
    expect((await types(candidate.path)).filter((type) => type === 'scoring_requested')).toHaveLength(1);
  });

  it('is refused before the submission and after the review', async () => {
    const atWork = await desk.atWork(MANUAL);
    expect(await ask(atWork.id)).toMatchObject(refusal(409, 'invalid_status_transition'));
    const candidate = await scored(30, 20, 10);
    await review(candidate.path, {});
    expect(await ask(candidate.id)).toMatchObject(refusal(409, 'invalid_status_transition'));
    expect(await ask('nobody')).toMatchObject(refusal(404, 'not_found'));
  });

  const types = async (path: string): Promise<string[]> => {
    const { events } = (await desk.get(`${path}/events?include=system&limit=1000`)).body;
    return events.map(({ type }: { type: string }) => type);
  };
});

describe('reopening (W9)', () => {
  it('sets a score aside and keeps it; the work is scored anew', async () => {
    const candidate = await desk.atWork({ ...MANUAL, taskTimeMinutes: 1 });
    await desk.record(candidate, 'm-0');
    await desk.post(candidate, '/events', { events: [QUOTED] });
    desk.api.clock.set(desk.api.clock.now() + 61_000);
    // Any command notices that the time is over.
    await desk.api.ask('POST', '/api/scoring', { sessionId: candidate.id, waitSeconds: 0 });
    await post(desk, candidate, brought(30, 20, 10));
    const reopened = await desk.api.ask('PATCH', candidate.path, { reopen: { minutes: 10, reason: 'Outage.' } });
    expect(reopened.body.session.status).toBe('in_progress');
    expect(await desk.get(`${candidate.path}/score`)).toMatchObject(refusal(404, 'not_found'));
    await desk.post(candidate, '/submit');
    await post(desk, candidate, brought(40, 20, 40));
    const { scores } = (await desk.get(`${candidate.path}/scores`)).body;
    expect(scores.map(({ setAside, current }: Record<string, unknown>) => [setAside, current])).toEqual([
      [true, false],
      [false, true],
    ]);
  });
});
