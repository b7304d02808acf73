import { setImmediate } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { type AtDesk, refusal, SessionDesk } from '../sessions/testing/session-desk.js';
import { brought, MANUAL, post, reviewed, submitted } from './testing/scored-session.js';

let desk: SessionDesk;
beforeAll(async () => {
  desk = await SessionDesk.open();
});
afterAll(() => desk.close());

const review = (path: string, body: object, key?: string) => reviewed(desk, path, body, key);

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
