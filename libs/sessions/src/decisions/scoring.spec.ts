import { describe, expect, it } from '@jest/globals';
import { at, does, inScoring, iso, reviewed, scored, submitted, timedOut } from '../testing/sample-session.js';

const expired = (minute: number, runId: string, attempt: number) => [
  {
    type: 'scoring_failed',
    data: {
      runId,
      requestId: 'request-1',
      attempt,
      failedAt: iso(minute),
      retryAt: iso(minute),
      backTo: 'submitted',
      reason: 'lease_expired',
    },
  },
  { type: 'scoring_retry_due', data: { requestId: 'request-1', attempt: attempt + 1, dueAt: iso(minute) } },
];

const asked = () => submitted().after(does.requestScoring(31));

describe('asking for a score', () => {
  it('is a fact; asking again joins it', () => {
    submitted()
      .appends(
        does.requestScoring(31),
        [
          {
            type: 'scoring_requested',
            data: { requestId: 'request-1', trigger: 'caller', model: null, requestedAt: iso(31), by: 'key-1' },
          },
        ],
        { requestId: 'request-1' },
      )
      .leavesAlone(does.requestScoring(32, 'request-2'), { requestId: 'request-1' })
      .after(does.startScoring(33))
      .leavesAlone(does.requestScoring(34, 'request-3'), { requestId: 'request-1' });
  });

  it('of a reviewed session is refused', () => {
    reviewed().refuses(does.requestScoring(90), 'invalid_status_transition', {
      from: 'reviewed',
      to: 'scoring',
      allowed: [],
    });
  });
});

describe('a claim', () => {
  const started = (minute: number, runId: string, attempt: number, until: number) => ({
    type: 'scoring_started',
    data: { runId, requestId: 'request-1', attempt, startedAt: iso(minute), leaseUntil: iso(until) },
  });

  it('belongs to one run until its lease ends', () => {
    const claimed = { attempt: 1, requestId: 'request-1', model: null, leaseUntil: at(37) };
    const story = asked().appends(does.startScoring(32, 'run-1'), [started(32, 'run-1', 1, 37)], claimed);
    expect(story.state.status).toBe('scoring');
    const held = { from: 'scoring', to: 'scoring', allowed: expect.anything(), runId: 'run-1', leaseUntil: iso(37) };
    story.refuses(does.startScoring(37, 'run-2'), 'invalid_status_transition', held);
    story
      .appends(does.startScoring(37.1, 'run-2'), [...expired(37, 'run-1', 1), started(37.1, 'run-2', 2, 42.1)], {
        ...claimed,
        attempt: 2,
        leaseUntil: at(42.1),
      })
      .refuses(does.recordScore(38, 'run-1'), 'invalid_status_transition')
      .refuses(does.failScoring(38, 'run-1'), 'invalid_status_transition')
      .refuses(does.parkScoring(38, 'run-1'), 'invalid_status_transition');
  });

  it('is renewed by the run that holds it, as the same attempt', () => {
    const renewed = { attempt: 1, requestId: 'request-1', model: null, leaseUntil: at(39) };
    asked()
      .after(does.startScoring(32))
      .appends(does.startScoring(34), [started(34, 'run-1', 1, 39)], renewed)
      .leavesAlone(does.startScoring(34), renewed);
  });

  it('that ends unheard of is a failed attempt at its own time, and the next one is due', () => {
    const story = asked()
      .after(does.startScoring(32))
      .appends(does.closeDue(60), expired(37, 'run-1', 1));
    expect(story.state).toMatchObject({ status: 'submitted', scoring: { claim: null, request: { attempts: 1 } } });
    story
      .leavesAlone(does.closeDue(90))
      .refuses(does.startScoring(60), 'invalid_status_transition')
      .refuses(does.recordScore(60), 'invalid_status_transition');
  });

  it('that ended is over whatever comes first, the score of its own run included', () => {
    const lapsed = expired(37, 'run-1', 1);
    asked()
      .after(does.startScoring(32))
      .leavesAlone(does.closeDue(37))
      .refusesAfter(lapsed, does.recordScore(37.1), 'invalid_status_transition');
  });

  it('needs that somebody asked', () => {
    submitted().refuses(does.startScoring(32), 'invalid_status_transition');
  });

  it('is not given twice to a run that has ended', () => {
    scored().after(does.requestScoring(80)).refuses(does.startScoring(81, 'run-1'), 'invalid_status_transition');
  });
});

describe('a score', () => {
  it('is recorded by the run that holds the claim, once', () => {
    const story = inScoring()
      .appends(does.recordScore(72), [
        {
          type: 'score_recorded',
          data: {
            runId: 'run-1',
            requestId: 'request-1',
            attempt: 1,
            scoredAt: iso(72),
            finalScore: 71.5,
            result: { summaryText: 'Solid.' },
          },
        },
      ])
      .leavesAlone(does.recordScore(73));
    expect(story.state.scoring).toMatchObject({ currentRunId: 'run-1', request: null, claim: null });
  });

  it('made again stands beside the first one and replaces it', () => {
    const story = scored()
      .after(does.requestScoring(80, 'request-2'))
      .after(does.startScoring(81, 'run-2'))
      .after(does.recordScore(82, 'run-2'));
    expect(story.state.scoring.runs.map(({ runId }) => runId)).toEqual(['run-1', 'run-2']);
    expect(story.state.scoring.currentRunId).toBe('run-2');
  });
});

const failedAt = (attempt: number): number => at(100 * attempt);

/** So many attempts, each hours after the one before, all of which failed. */
const failed = (attempts: number) =>
  Array.from({ length: attempts }, (_, index) => index + 1).reduce(
    (story, attempt) =>
      story
        .after(does.startScoring(100 * attempt, `run-${attempt}`))
        .after(does.failScoring(100 * attempt, `run-${attempt}`)),
    asked(),
  );

describe('a failed run', () => {
  it('puts the session back to submitted and keeps count of the attempts', () => {
    const story = inScoring().appends(does.failScoring(72, 'run-1', 75), [
      {
        type: 'scoring_failed',
        data: {
          runId: 'run-1',
          requestId: 'request-1',
          attempt: 1,
          failedAt: iso(72),
          retryAt: iso(75),
          backTo: 'submitted',
          reason: 'judge unavailable',
        },
      },
    ]);
    expect(story.state).toMatchObject({ status: 'submitted', scoring: { request: { attempts: 1, retryAt: at(75) } } });
    story.refuses(does.startScoring(74, 'run-2'), 'invalid_status_transition', {
      from: 'submitted',
      to: 'scoring',
      allowed: ['scoring', 'in_progress'],
      retryAt: iso(75),
    });
    expect(story.after(does.startScoring(75, 'run-2')).state.scoring.claim!.attempt).toBe(2);
  });

  it('is told of again when its wait is over, at that time', () => {
    const due = { type: 'scoring_retry_due', data: { requestId: 'request-1', attempt: 2, dueAt: iso(75) } };
    inScoring()
      .after(does.failScoring(72, 'run-1', 75))
      .leavesAlone(does.closeDue(75))
      .appends(does.closeDue(80), [due])
      .leavesAlone(does.closeDue(90));
  });

  it('waits no longer when somebody asks', () => {
    const due = { type: 'scoring_retry_due', data: { requestId: 'request-1', attempt: 2, dueAt: iso(73) } };
    inScoring()
      .after(does.failScoring(72, 'run-1', 75))
      .appends(does.requestScoring(73, 'request-2'), [due], { requestId: 'request-1' });
  });

  it.each([
    [1, 10],
    [2, 60],
    [3, 300],
    [4, 1800],
  ])('waits longer each time: after attempt %i, %i seconds', (attempt, seconds) => {
    expect(failed(attempt).state.scoring.request!.retryAt).toBe(failedAt(attempt) + seconds * 1000);
  });

  it('is parked in the same append when it was the last of five', () => {
    const story = failed(5);
    const last = { runId: 'run-5', requestId: 'request-1', attempt: 5, backTo: 'submitted' };
    expect(story.events.slice(-2)).toEqual([
      {
        type: 'scoring_failed',
        data: { ...last, failedAt: iso(500), retryAt: null, reason: 'judge unavailable' },
      },
      {
        type: 'scoring_parked',
        data: { ...last, parkedAt: iso(500), reason: 'The last of 5 attempts failed: judge unavailable' },
      },
    ]);
    expect(story.state).toMatchObject({
      status: 'submitted',
      scoring: { request: null, parked: { runId: 'run-5', attempts: 5 } },
    });
  });

  it('takes no earlier score away', () => {
    const story = scored()
      .after(does.requestScoring(80))
      .after(does.startScoring(81, 'run-2'))
      .after(does.failScoring(82, 'run-2'));
    expect(story.state).toMatchObject({ status: 'scored', scoring: { currentRunId: 'run-1' } });
  });
});

describe('parking', () => {
  it('closes the request, until somebody asks again', () => {
    const story = inScoring()
      .after(does.failScoring(72))
      .appends(does.parkScoring(72.1), [
        {
          type: 'scoring_parked',
          data: {
            runId: 'run-1',
            requestId: 'request-1',
            attempt: 1,
            parkedAt: iso(72.1),
            backTo: 'submitted',
            reason: 'five attempts',
          },
        },
      ])
      .leavesAlone(does.parkScoring(74))
      .refuses(does.startScoring(75, 'run-2'), 'invalid_status_transition');
    expect(story.after(does.requestScoring(80, 'request-2')).after(does.startScoring(81, 'run-2')).state.status).toBe(
      'scoring',
    );
  });

  it('is not for a run of an earlier request', () => {
    scored()
      .after(does.requestScoring(80, 'request-2'))
      .refuses(does.parkScoring(81, 'run-1'), 'invalid_status_transition');
  });
});

it('a session the clock submitted is scored like any other', () => {
  expect(scored(timedOut()).state.status).toBe('scored');
});
