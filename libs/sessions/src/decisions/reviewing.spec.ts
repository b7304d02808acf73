import { describe, expect, it } from '@jest/globals';
import { does, iso, reviewed, scored, timedOut } from '../testing/sample-session.js';

const recorded = (minute: number) => ({
  type: 'review_recorded',
  data: {
    runId: 'run-1',
    reviewedAt: iso(minute),
    by: 'key-1',
    adjustments: [{ categoryId: 'delegation', score: 8, reason: 'Saw the plan' }],
    note: 'Looked at it',
  },
});
const decided = (minute: number, decision: string) => ({
  type: 'decision_recorded',
  data: { decision, decidedAt: iso(minute), by: 'key-1' },
});

describe('a review', () => {
  it('of a score makes the session reviewed, with the decision in the same append', () => {
    const story = scored().appends(does.review(80, 'hired'), [recorded(80), decided(80, 'hired')]);
    expect(story.state).toMatchObject({ status: 'reviewed', decision: 'hired', reviews: [{ runId: 'run-1' }] });
  });

  it('can be followed by further reviews and decisions; the last decision counts', () => {
    const story = reviewed()
      .appends(does.review(90), [recorded(90)])
      .appends(does.decide(91, 'hold'), [decided(91, 'hold')])
      .appends(does.decide(92, 'hired'), [decided(92, 'hired')]);
    expect(story.state.reviews).toHaveLength(2);
    expect(story.state.decision).toBe('hired');
  });

  it('needs a score', () => {
    timedOut().refuses(does.review(80), 'invalid_status_transition', {
      from: 'submitted',
      to: 'reviewed',
      allowed: ['scoring', 'in_progress'],
    });
  });

  it('ends the scoring: what was asked for and not begun is no longer wanted', () => {
    const story = scored().after(does.requestScoring(79, 'request-2')).after(does.review(80));
    story.refuses(does.startScoring(81, 'run-2'), 'invalid_status_transition');
  });

  it('comes before a decision', () => {
    scored().refuses(does.decide(80), 'invalid_status_transition');
  });
});
