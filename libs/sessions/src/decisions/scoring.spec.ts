import { describe, expect, it } from '@jest/globals';
import { at, does, inScoring, iso, reviewed, scored, submitted, timedOut } from '../testing/sample-session.js';

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
    const story = asked().appends(does.startScoring(32, 'run-1'), [started(32, 'run-1', 1, 37)], { attempt: 1 });
    expect(story.state.status).toBe('scoring');
    const held = { from: 'scoring', to: 'scoring', allowed: expect.anything(), runId: 'run-1', leaseUntil: iso(37) };
    story.refuses(does.startScoring(37, 'run-2'), 'invalid_status_transition', held);
    story
      .appends(does.startScoring(37.1, 'run-2'), [started(37.1, 'run-2', 2, 42.1)], { attempt: 2 })
      .refuses(does.recordScore(38, 'run-1'), 'invalid_status_transition')
      .refuses(does.failScoring(38, 'run-1'), 'invalid_status_transition')
      .refuses(does.parkScoring(38, 'run-1'), 'invalid_status_transition');
  });

  it('is renewed by the run that holds it, as the same attempt', () => {
    asked()
      .after(does.startScoring(32))
      .appends(does.startScoring(34), [started(34, 'run-1', 1, 39)], { attempt: 1 })
      .leavesAlone(does.startScoring(34), { attempt: 1 });
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
    expect(story.after(does.startScoring(75, 'run-2')).state.scoring.claim!.attempt).toBe(2);
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
      .appends(does.parkScoring(73), [
        {
          type: 'scoring_parked',
          data: {
            runId: 'run-1',
            requestId: 'request-1',
            attempt: 1,
            parkedAt: iso(73),
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
