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

describe('a review (W8)', () => {
  it('keeps both numbers, the reason and who gave it, and reaches a decision', async () => {
    const candidate = await scored(30, 20, 10);
    const adjustments = [{ categoryId: 'care', score: 25, reason: 'Opened every source.' }];
    const { status, body } = await review(candidate.path, { adjustments, note: 'Good.', decision: 'hired' });
    expect(status).toBe(200);
    expect(body.session.status).toBe('reviewed');
    expect(body.score).toMatchObject({
      rawTotal: 60,
      finalTotal: 75,
      finalScore: 75,
      decision: 'hired',
      autoScores: {
        categories: {
          care: {
            score: 10,
            finalScore: 25,
            adjustment: { score: 25, reason: 'Opened every source.', byName: 'reviewer' },
          },
          work: { score: 50, finalScore: 50, adjustment: null },
        },
      },
      reviews: [{ byName: 'reviewer', note: 'Good.', adjustments }],
    });
  });

  it('may score what the judge abstained from', async () => {
    const candidate = await scored(30, 20, null);
    const adjustments = [{ categoryId: 'care', score: 30, reason: 'Seen in the replay.' }];
    expect((await review(candidate.path, { adjustments })).body.score).toMatchObject({ rawTotal: 50, finalScore: 80 });
  });

  it('again adds to the first; the last word on a category counts', async () => {
    const candidate = await scored(30, 20, 10);
    const say = (score: number) => ({ adjustments: [{ categoryId: 'care', score, reason: 'Looked again.' }] });
    await review(candidate.path, say(20));
    await review(candidate.path, { ...say(0), decision: 'hold' });
    const { score } = (await review(candidate.path, { decision: 'rejected' })).body;
    expect(score).toMatchObject({ finalTotal: 50, decision: 'rejected' });
    expect(score.reviews).toHaveLength(3);
  });

  it.each([
    [{ categoryId: 'care', score: 41, reason: 'More' }, 422, 'score_out_of_range', 'adjustments[0].score'],
    [{ categoryId: 'care', score: -1, reason: 'Less' }, 422, 'score_out_of_range', 'adjustments[0].score'],
    [{ categoryId: 'charm', score: 1, reason: 'Nice' }, 400, 'invalid_parameter', 'adjustments[0].categoryId'],
    [{ categoryId: 'care', score: 1, reason: ' ' }, 400, 'invalid_parameter', 'adjustments[0].reason'],
  ])('is refused with %j', async (adjustment, status, code, param) => {
    const candidate = await scored(30, 20, 10);
    const answer = await review(candidate.path, { adjustments: [adjustment] });
    expect(answer).toMatchObject({ status, body: { error: { code, param } } });
    expect((await desk.get(candidate.path)).body.session.status).toBe('scored');
  });

  it('needs a score, and a human', async () => {
    const candidate = await submitted(desk);
    expect(await review(candidate.path, {})).toMatchObject(refusal(409, 'invalid_status_transition'));
    for (const key of [desk.keys.scorer, desk.keys.runtime, desk.keys.auditor])
      expect(await review(candidate.path, {}, key)).toMatchObject(refusal(403, 'insufficient_scope'));
  });

  it('is shown in numbers alone to an auditor who is blind to names', async () => {
    const candidate = await scored(30, 20, 10);
    const adjustments = [{ categoryId: 'care', score: 25, reason: `${candidate.name} was careful.` }];
    await review(candidate.path, { adjustments, note: `A pleasure, ${candidate.name}.` });
    const { body } = await desk.get(`${candidate.path}/score`, desk.keys.auditor);
    expect(body.score).toMatchObject({ finalScore: 75, reviews: [{ note: null, byName: null }] });
    expect(JSON.stringify(body)).not.toContain(candidate.name);
  });
});

describe('what the log tells of scores and reviews', () => {
  const told = async (path: string, key: string): Promise<Record<string, { data: object; masked?: true }>> => {
    const { events } = (await desk.get(`${path}/events?include=system&limit=1000`, key)).body;
    const feed = (await desk.get('/v1/events?limit=1000&types=review_recorded', key)).body.events;
    const own = feed.find(({ sessionId }: { sessionId: string }) => path.endsWith(sessionId));
    const byType = Object.fromEntries(events.map((event: { type: string }) => [event.type, event]));
    expect(own.data).toEqual(byType.review_recorded.data);
    return byType;
  };

  it('is for scorers that there are some, for readers blind to names their numbers, for others all', async () => {
    const candidate = await scored(30, 20, 10);
    const adjustments = [{ categoryId: 'care', score: 25, reason: `${candidate.name} was careful.` }];
    await review(candidate.path, { adjustments, note: `A pleasure, ${candidate.name}.`, decision: 'hired' });

    const scorer = await told(candidate.path, desk.keys.scorer);
    const which = {
      runId: expect.any(String),
      requestId: expect.any(String),
      attempt: 1,
      scoredAt: expect.any(String),
    };
    expect(scorer.score_recorded).toMatchObject({ masked: true });
    expect(scorer.score_recorded!.data).toEqual(which);
    expect(scorer.decision_recorded!.data).toEqual({ decidedAt: expect.any(String) });

    const auditor = await told(candidate.path, desk.keys.auditor);
    expect(auditor.review_recorded).toMatchObject({ masked: true, data: { adjustments: [{ score: 25 }] } });
    expect(JSON.stringify(auditor.review_recorded)).not.toContain(candidate.name);
    expect(auditor.score_recorded!.data).toMatchObject({ finalScore: 60, result: { summaryText: 'Careful work.' } });

    const reviewer = await told(candidate.path, desk.keys.reviewer);
    expect(reviewer.review_recorded!.data).toMatchObject({ note: `A pleasure, ${candidate.name}.`, adjustments });
  });
});

describe('agreement', () => {
  it('between judge and reviews is told by category, with n, and null while there are too few', async () => {
    const assessmentId = await desk.assess(MANUAL);
    const judged = [10, 20, 30, 40, 20];
    const human = [10, 20, 25, 40, 25];
    const read = async () => (await desk.get(`/api/scoring/agreement?assessmentId=${assessmentId}`)).body;
    for (const [at, points] of judged.entries()) {
      if (at === 4) expect((await read()).categories[1]).toMatchObject({ categoryId: 'care', n: 4, kappa: null });
      const candidate = await desk.invite(assessmentId);
      await desk.post(candidate, '/start');
      await desk.post(candidate, '/events', { events: [QUOTED] });
      await desk.post(candidate, '/submit');
      await post(desk, candidate, brought(points, 0, points));
      await review(candidate.path, {
        adjustments: [{ categoryId: 'care', score: human[at]!, reason: 'As I saw it.' }],
      });
    }
    // Care: squared differences 25 + 25 of 5 pairs are 10 on average; variances 104 and 94, means both 24: 1 − 10/198.
    expect(await read()).toEqual({
      assessmentId,
      reviewedSessions: 5,
      smallestSample: 5,
      categories: [
        { categoryId: 'work', maxPoints: 60, n: 5, kappa: 1, meanAbsoluteDifference: 0 },
        { categoryId: 'care', maxPoints: 40, n: 5, kappa: 0.949, meanAbsoluteDifference: 2 },
      ],
    });
    expect(await desk.get(`/api/scoring/agreement?assessmentId=${assessmentId}`, desk.stranger)).toMatchObject(
      refusal(404, 'not_found'),
    );
  });
});
