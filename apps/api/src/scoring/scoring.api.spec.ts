import { setImmediate } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { type AtDesk, refusal, SessionDesk } from '../sessions/testing/session-desk.js';
import { brought, MANUAL, post, QUOTE, submitted } from './testing/scored-session.js';

let desk: SessionDesk;
beforeAll(async () => {
  desk = await SessionDesk.open();
});
afterAll(() => desk.close());

const scored = async (...scores: Parameters<typeof brought>) => {
  const candidate = await submitted(desk);
  expect((await post(desk, candidate, brought(...scores))).status).toBe(201);
  return candidate;
};
const review = (path: string, body: object, key = desk.keys.reviewer) =>
  desk.api.ask('POST', `${path}/review`, body, key);

describe('a score made elsewhere', () => {
  it('is a run of its own: request, claim and score in one append', async () => {
    const candidate = await submitted(desk);
    const { status, body } = await post(desk, candidate, brought(30, 20, 10));
    expect(status).toBe(201);
    expect(body.score).toMatchObject({
      sessionId: candidate.id,
      judge: 'external',
      model: 'elsewhere-1',
      current: true,
      autoScores: {
        rawTotal: 60,
        finalTotal: 60,
        categories: {
          work: { score: 50, maxPoints: 60, subCriteria: [{ id: 'correct', evidence: [QUOTE] }, { id: 'clear' }] },
          care: { score: 10, maxPoints: 40 },
        },
      },
      rawTotal: 60,
      finalScore: 60,
      rubricVersion: 1,
      followUpQuestions: [{ categoryId: 'work', lookFor: 'A reason.' }],
    });
    const events = await desk.get(`${candidate.path}/events?include=system&limit=1000`);
    expect(events.body.events.slice(-3).map(({ type }: { type: string }) => type)).toEqual([
      'scoring_requested',
      'scoring_started',
      'score_recorded',
    ]);
    expect((await desk.get(candidate.path)).body.session.status).toBe('scored');
  });

  it('abstains from what it leaves out, which is no low mark', async () => {
    const candidate = await scored(30, 20, null);
    const { score } = (await desk.get(`${candidate.path}/score`)).body;
    expect(score.autoScores.categories.care).toMatchObject({ score: null, scoredPoints: 0 });
    expect(score).toMatchObject({ finalTotal: 50, finalScore: 83.33 });
    expect(score.totals).toEqual({
      scored: { score: 50, maxPoints: 60, percent: 83.33 },
      all: { score: 50, maxPoints: 100, percent: 50 },
    });
  });

  it.each([
    ['a quote that stands nowhere', [{ eventId: 'm-1', quote: 'I did nothing' }], 'evidence_not_found', 422],
    ['an event that there is not', [{ eventId: 'm-9', quote: 'Check the totals' }], 'evidence_not_found', 422],
    ['no evidence', [], 'evidence_not_found', 422],
  ])('is refused with %s', async (_, evidence, code, status) => {
    const candidate = await submitted(desk);
    const categories = [{ categoryId: 'care', subCriteria: [{ id: 'care', score: 4, evidence }] }];
    expect(await post(desk, candidate, { categories })).toMatchObject(refusal(status, code));
    expect((await desk.get(candidate.path)).body.session.status).toBe('submitted');
  });

  it.each([-1, 40.01])('is refused with %f of 40 points', async (score) => {
    const candidate = await submitted(desk);
    expect(await post(desk, candidate, brought(null, null, score))).toMatchObject(
      refusal(422, 'score_out_of_range', { min: 0, max: 40 }),
    );
  });

  it.each([
    [{ categoryId: 'charm', subCriteria: [{ id: 'care', score: null }] }, 'categories[0].categoryId'],
    [{ categoryId: 'work', subCriteria: [{ id: 'charm', score: null }] }, 'categories[0].subCriteria[0].id'],
    [
      {
        categoryId: 'care',
        subCriteria: [
          { id: 'care', score: null },
          { id: 'care', score: null },
        ],
      },
      'categories[0].subCriteria[1].id',
    ],
  ])('is refused where the rubric knows nothing of it: %j', async (category, param) => {
    const candidate = await submitted(desk);
    const answer = await post(desk, candidate, { categories: [category] });
    expect(answer).toMatchObject({ status: 400, body: { error: { code: 'invalid_parameter', param } } });
  });

  it('posted again under its own id is the same run', async () => {
    const candidate = await submitted(desk);
    const one = await post(desk, candidate, { ...brought(30, 20, 10), id: 'mine-1' });
    const two = await post(desk, candidate, { ...brought(30, 20, 10), id: 'mine-1' });
    expect([two.status, two.body.score.id]).toEqual([201, one.body.score.id]);
    expect((await desk.get(`${candidate.path}/scores`)).body.scores).toHaveLength(1);
  });

  it('is not for a session that is not submitted', async () => {
    const candidate = await desk.atWork(MANUAL);
    expect(await post(desk, candidate, brought(1, 1, 1))).toMatchObject(refusal(409, 'invalid_status_transition'));
    expect(await desk.get(`${candidate.path}/submission`)).toMatchObject(refusal(409, 'invalid_status_transition'));
  });

  it('is made of a submission that does not say whose it is', async () => {
    const candidate = await submitted(desk);
    const { submission } = (await desk.get(`${candidate.path}/submission`, desk.keys.scorer)).body;
    expect(submission).toMatchObject({
      rubric: { version: 1, categories: [{ id: 'work' }, { id: 'care' }] },
      assessment: { taskPrompt: 'Read the numbers.' },
      deliverables: [{ phaseIndex: 0, state: { text: 'By [name]: revenue rose by 4 %.' } }],
    });
    const events = (await desk.get(`${candidate.path}/events?type=task_submitted`, desk.keys.scorer)).body.events;
    const cites = (quote: string) => {
      const evidence = [{ eventId: events[0].id, quote }];
      return { categories: [{ categoryId: 'care', subCriteria: [{ id: 'care', score: 4, evidence }] }] };
    };
    expect((await post(desk, candidate, cites('By [name]: revenue rose'))).status).toBe(201);
    const reviewer = (await desk.get(`${candidate.path}/submission`, desk.keys.reviewer)).body.submission;
    expect(reviewer.deliverables[0].state.text).toContain(candidate.name);
  });
});

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

const QUOTED = { id: 'm-1', type: 'user_message', timestampMs: 1, data: { content: 'Check the totals' } };

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

describe('feedback to the candidate', () => {
  const HOUR = 3_600_000;
  const feedbackOf = (candidate: AtDesk) => desk.get('/api/candidate/feedback', candidate.token);
  const mails = async (candidate: AtDesk) => {
    const { messages } = (await desk.get('/api/outbox')).body;
    return messages.filter((each: { sessionId: string; kind: string }) => each.sessionId === candidate.id);
  };
  const scoredFor = async (fields: object) => {
    const candidate = await submitted(desk, { ...MANUAL, ...fields });
    await post(desk, candidate, brought(30, 20, 10));
    return candidate;
  };
  const eventually = async <T>(look: () => Promise<T>, holds: (seen: T) => boolean): Promise<T> => {
    for (;;) {
      const seen = await look();
      if (holds(seen)) return seen;
      await setImmediate();
    }
  };

  it('goes out after the review and the delay, by mail and in the workspace', async () => {
    const candidate = await scoredFor({ sendFeedback: true, feedbackDelayHours: 24 });
    expect(await feedbackOf(candidate)).toMatchObject(refusal(404, 'not_found'));
    await review(candidate.path, {});
    const [waiting] = await eventually(
      () => mails(candidate),
      ({ length }) => length > 0,
    );
    const releasedAt = new Date(desk.api.clock.now() + 24 * HOUR).toISOString();
    expect(waiting).toMatchObject({
      kind: 'feedback',
      state: 'pending',
      to: candidate.email,
      nextAttemptAt: releasedAt,
    });
    desk.api.clock.set(desk.api.clock.now() + 24 * HOUR - 1);
    expect(await feedbackOf(candidate)).toMatchObject(refusal(404, 'not_found'));
    desk.api.clock.set(desk.api.clock.now() + 1);
    expect((await feedbackOf(candidate)).body.feedback).toEqual({
      sessionId: candidate.id,
      assessmentName: 'Analyst',
      feedbackText: 'You checked your totals.',
      releasedAt,
    });
    await eventually(
      () => mails(candidate),
      ([mail]) => mail.state === 'kept',
    );
    const { events } = (await desk.get(`${candidate.path}/events?include=system&limit=1000`)).body;
    expect(events.at(-1)).toMatchObject({ type: 'feedback_delivered', data: { delivered: true, channel: 'outbox' } });
  });

  it('is never told where the assessment sends none, nor before a human has looked', async () => {
    const silent = await scoredFor({ feedbackDelayHours: 0 });
    await review(silent.path, {});
    const unseen = await scoredFor({ sendFeedback: true, feedbackDelayHours: 0 });
    // Reactions come in the order of the log: once this one is mailed, the others have been looked at.
    const told = await scoredFor({ sendFeedback: true, feedbackDelayHours: 0 });
    await review(told.path, {});
    await eventually(
      () => mails(told),
      ({ length }) => length > 0,
    );
    for (const candidate of [silent, unseen]) {
      expect(await feedbackOf(candidate)).toMatchObject(refusal(404, 'not_found'));
      expect(await mails(candidate)).toEqual([]);
    }
  });
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
