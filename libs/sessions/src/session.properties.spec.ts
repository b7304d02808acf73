import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { isVerbatimError } from '#platform';
import { sessionAggregate } from './session.aggregate.js';
import { isActivityEvent, SERVER_ACTIVITY_TYPES, sessionEvents } from './session.events.js';
import { mayPass } from './session.lifecycle.js';
import type { SessionDecision } from './session.outcome.js';
import { settle } from './session.outcome.js';
import type { SessionState } from './session.state.js';
import { fold, type Story } from './testing/given-when-then.js';
import { at, does, inProgress, invited, message } from './testing/sample-session.js';
import { due, type Life, lives, plan } from './testing/session-lives.js';

/** What the clock alone may write. */
const CLOCKWORK = [
  'time_expired',
  'task_started',
  'phase_advanced',
  'task_submitted',
  'config_snapshot_taken',
  'scoring_requested',
  'scoring_failed',
  'scoring_retry_due',
  'scoring_parked',
];

/** Carries the command out; a refusal may leave nothing behind but what the clock wrote. */
const carriedOut = (story: Story, decide: (state: SessionState) => SessionDecision<unknown>): Story => {
  let decision: SessionDecision<unknown>;
  try {
    decision = decide(story.state);
  } catch (error) {
    if (!isVerbatimError(error)) throw error;
    return story;
  }
  try {
    settle(decision.answer);
  } catch (error) {
    if (!isVerbatimError(error)) throw error;
    expect(decision.events.length).toBeGreaterThan(0);
    for (const { type } of decision.events) expect(CLOCKWORK).toContain(type);
  }
  return story.after(decide);
};

const live = ({ thePlan, dueDate, told, end }: Life): Story => {
  let minute = 1;
  let story = invited({ plan: thePlan, dueDate: dueDate === null ? null : at(dueDate) });
  for (const [later, episode] of told) {
    minute = Math.max(0, minute + later);
    for (const step of episode) story = carriedOut(story, step(minute));
    // Nothing overdue outlives a look at the clock.
    story = carriedOut(story, does.closeDue(minute));
    expect(does.closeDue(minute)(story.state).events).toEqual([]);
  }
  if (end === 'cancel') story = carriedOut(story, does.cancel(minute));
  if (end === 'delete') story = carriedOut(story, does.remove(minute));
  return story;
};

const statusesFollowTheTable = (story: Story): void => {
  let before = fold([]);
  for (const fact of story.facts) {
    const after = sessionAggregate.evolve(before, fact);
    const [from, to] = [before.status, after.status];
    const step = `${from} → ${to}`;
    if (from !== to && step !== 'null → invited' && !after.deleted)
      expect([step, from !== null && to !== null && mayPass(from, to)]).toEqual([step, true]);
    before = after;
  }
};

/** Once, and once more for each time it is reopened. */
const submittedOnceWithItsSnapshot = (story: Story): void => {
  let open = true;
  for (const [index, fact] of story.facts.entries()) {
    if (fact.type === 'session_reopened') open = true;
    if (fact.type !== 'task_submitted') continue;
    expect(open).toBe(true);
    open = false;
    expect(story.facts[index + 1]).toMatchObject({ type: 'config_snapshot_taken', data: { atSeq: fact.revision } });
  }
};

const deadlinesExpireOnceAndInOrder = (story: Story): void => {
  const expired = story.facts.flatMap((fact) => (fact.type === 'time_expired' ? [fact.data] : []));
  const keys = expired.map(({ body }) => `${body.scope} ${body.phaseIndex} ${body.deadlineAt}`);
  expect(new Set(keys).size).toBe(keys.length);
  const stamps = expired.map(({ timestampMs }) => timestampMs);
  expect(stamps).toEqual([...stamps].sort((left, right) => left - right));
  expect(expired.map(({ body }) => Date.parse(body.deadlineAt))).toEqual(stamps);
};

const activitiesAreNumberedAndStandOnce = (story: Story): void => {
  const activities = story.facts.filter(isActivityEvent);
  expect(activities.map(({ data }) => data.ordinal)).toEqual(activities.map((_, index) => index));
  const ids = activities.map(({ data }) => data.callerId).filter((id) => id !== null);
  expect(new Set(ids).size).toBe(ids.length);
  if (story.state.deleted) return;
  expect(story.state.activities.revisions(0, 1000)).toEqual(activities.map(({ revision }) => revision));
};

/** A score stands only where a run held the claim, and one that was set aside is never the current one. */
const scoresAreOfTheirClaims = (story: Story): void => {
  let claimed: string | null = null;
  for (const fact of story.facts) {
    if (fact.type === 'scoring_started') claimed = fact.data.runId;
    if (fact.type === 'score_recorded') expect(fact.data.runId).toBe(claimed);
    if (fact.type === 'session_reopened' || fact.type === 'score_recorded' || fact.type === 'scoring_failed')
      claimed = null;
  }
  const { runs: made, currentRunId } = story.state.scoring;
  expect(made.filter(({ runId, setAside }) => runId === currentRunId && setAside)).toEqual([]);
};

describe('whatever is asked of a session, in whatever order', () => {
  it.each([
    ['its status moves along the table alone', statusesFollowTheTable],
    ['it is submitted once, always with its snapshot', submittedOnceWithItsSnapshot],
    ['each deadline expires once, at its own time, none before an earlier one', deadlinesExpireOnceAndInOrder],
    ['its activities are numbered without a gap, each caller id once', activitiesAreNumberedAndStandOnce],
    ['a score is of the run that held the claim', scoresAreOfTheirClaims],
  ])('%s', (_, holds) => {
    fc.assert(
      fc.property(lives, (life) => holds(live(life))),
      { numRuns: 60 },
    );
  });

  it('those lives are worth living: everything that can happen does', () => {
    const seen = new Set(fc.sample(lives, { numRuns: 300, seed: 7 }).flatMap((life) => live(life).types));
    const elsewhere = ['invite_delivered', 'feedback_delivered'];
    const lifecycle = sessionEvents.filter(({ layer }) => layer === 'lifecycle').map(({ type }) => type);
    for (const type of [...lifecycle, ...SERVER_ACTIVITY_TYPES])
      expect([type, seen.has(type) || elsewhere.includes(type)]).toEqual([type, true]);
  });
});

describe('a cascade', () => {
  it('is what one look at the clock after another would have written', () => {
    const looks = fc.array(fc.integer({ min: 1, max: 300 }), { maxLength: 8 });
    fc.assert(
      fc.property(plan, due, looks, fc.boolean(), (thePlan, dueDate, between, started) => {
        const dueDateAt = dueDate === null ? null : at(dueDate);
        const opened = invited({ plan: thePlan, dueDate: dueDateAt }).after(does.open(1, thePlan));
        const story = started ? opened.after(does.start(2, thePlan)) : opened;
        const stepwise = [...between]
          .sort((left, right) => left - right)
          .reduce((so, minute) => so.after(does.closeDue(minute)), story);
        expect(stepwise.after(does.closeDue(301)).events).toEqual(story.after(does.closeDue(301)).events);
      }),
      { numRuns: 200 },
    );
  });
});

const byText = (left: string, right: string): number => (left < right ? -1 : left > right ? 1 : 0);

describe('batches', () => {
  it('cut, repeated and shuffled in any way store each id once and answer each item once', () => {
    const ids = fc.array(fc.constantFrom(...'abcdefghij'), { minLength: 1, maxLength: 12 });
    fc.assert(
      fc.property(fc.array(ids, { minLength: 1, maxLength: 8 }), (batches) => {
        let story = inProgress();
        for (const batch of batches) {
          const decide = does.record(
            5,
            batch.map((id) => message(id)),
          );
          const { accepted, duplicates, rejected, lastSeq } = settle(decide(story.state).answer);
          expect([...accepted, ...duplicates].sort(byText)).toEqual([...batch].sort(byText));
          expect(rejected).toEqual([]);
          story = story.after(decide);
          expect(lastSeq).toBe(story.state.revision);
        }
        const stored = story.facts.filter(isActivityEvent).map(({ data }) => data.callerId ?? '');
        expect(stored.sort(byText)).toEqual([...new Set(batches.flat())].sort(byText));
      }),
      { numRuns: 150 },
    );
  });
});
