import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { isVerbatimError } from '#platform';
import { isActivityEvent } from './session.events.js';
import { mayPass } from './session.lifecycle.js';
import type { SessionDecision } from './session.outcome.js';
import { settle } from './session.outcome.js';
import type { SessionState } from './session.state.js';
import { fold, type Story } from './testing/given-when-then.js';
import { at, does, inProgress, invited, message, planOf } from './testing/sample-session.js';

type Step = (minute: number) => (state: SessionState) => SessionDecision<unknown>;

const names = fc.constantFrom('draft', 'better', 'final');
const runs = fc.constantFrom('run-1', 'run-2');
const plan = fc
  .tuple(fc.constantFrom(0, 10), fc.array(fc.constantFrom(20, 30), { minLength: 1, maxLength: 3 }))
  .map(([setup, phases]) => planOf(setup, ...phases));
const due = fc.option(fc.integer({ min: 5, max: 250 }), { nil: null });

const steps = (thePlan: ReturnType<typeof planOf>): fc.Arbitrary<Step> =>
  fc.oneof(
    fc.constant<Step>((minute) => does.open(minute, thePlan)),
    { weight: 3, arbitrary: fc.constant<Step>((minute) => does.start(minute, thePlan)) },
    {
      weight: 4,
      arbitrary: fc.array(fc.constantFrom('a', 'b', 'c', 'd', 'e', 'f'), { minLength: 1, maxLength: 4 }).map<Step>(
        (ids) => (minute) =>
          does.record(
            minute,
            ids.map((id) => message(id)),
          ),
      ),
    },
    { weight: 2, arbitrary: names.map<Step>((name) => (minute) => does.checkpoint(minute, name)) },
    {
      weight: 2,
      arbitrary: fc
        .record({
          phase: fc.nat(2),
          name: fc.option(names, { nil: undefined }),
          left: fc.option(fc.nat(2000), { nil: null }),
        })
        .map<Step>(
          ({ phase, name, left }) =>
            (minute) =>
              does.advance(minute, phase, name, left),
        ),
    },
    {
      weight: 2,
      arbitrary: fc.option(names, { nil: undefined }).map<Step>((name) => (minute) => does.submit(minute, name)),
    },
    fc.constant<Step>((minute) => does.closeDue(minute)),
    fc
      .integer({ min: -10, max: 200 })
      .map<Step>((later) => (minute) => does.adjust(minute, { dueDate: at(minute + later) })),
    fc.integer({ min: 1, max: 30 }).map<Step>((addMinutes) => (minute) => does.adjust(minute, { addMinutes })),
    fc.tuple(fc.integer({ min: -50, max: 200 }), fc.integer({ min: 4, max: 9 })).map<Step>(
      ([later, revision]) =>
        (minute) =>
          does.inherit(minute, minute + later, revision),
    ),
    {
      weight: 2,
      arbitrary: fc.integer({ min: 1, max: 30 }).map<Step>((minutes) => (minute) => does.reopen(minute, minutes)),
    },
    { weight: 3, arbitrary: fc.constant<Step>((minute) => does.requestScoring(minute)) },
    { weight: 3, arbitrary: runs.map<Step>((run) => (minute) => does.startScoring(minute, run)) },
    { weight: 2, arbitrary: runs.map<Step>((run) => (minute) => does.recordScore(minute, run)) },
    runs.map<Step>((run) => (minute) => does.failScoring(minute, run)),
    runs.map<Step>((run) => (minute) => does.parkScoring(minute, run)),
    fc.constant<Step>((minute) => does.review(minute, 'hold')),
    fc.constant<Step>((minute) => does.decide(minute)),
  );

/** Time mostly moves on; now and then a command was received a little before the one handled last. */
const gap = fc.oneof({ weight: 8, arbitrary: fc.integer({ min: 0, max: 25 }) }, fc.constant(-0.05));

const lives = fc.record({ thePlan: plan, dueDate: due }).chain(({ thePlan, dueDate }) =>
  fc.record({
    thePlan: fc.constant(thePlan),
    dueDate: fc.constant(dueDate),
    told: fc.array(fc.tuple(gap, steps(thePlan)), { minLength: 1, maxLength: 24 }),
    end: fc.constantFrom('delete', 'cancel', 'none'),
  }),
);

/** What the clock alone may write. */
const CLOCKWORK = ['time_expired', 'task_started', 'phase_advanced', 'task_submitted', 'config_snapshot_taken'];

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

const live = ({ thePlan, dueDate, told, end }: typeof lives extends fc.Arbitrary<infer Life> ? Life : never): Story => {
  let minute = 1;
  let story = invited({ plan: thePlan, dueDate: dueDate === null ? null : at(dueDate) });
  for (const [later, step] of told) {
    minute = Math.max(0, minute + later);
    story = carriedOut(story, step(minute));
    // What is overdue was applied by whatever was asked last, unless that was refused with nothing due.
    const due = carriedOut(story, does.closeDue(minute));
    expect(carriedOut(due, does.closeDue(minute)).facts).toHaveLength(due.facts.length);
    story = due;
  }
  if (end === 'cancel') story = carriedOut(story, does.cancel(minute));
  if (end === 'delete') story = carriedOut(story, does.remove(minute));
  return story;
};

const ofType = (story: Story, type: string) => story.facts.filter((fact) => fact.type === type);

describe('whatever is asked of a session, in whatever order', () => {
  it('its status moves along the table alone', () => {
    fc.assert(
      fc.property(lives, (life) => {
        const story = live(life);
        let before = fold([]);
        for (let length = 1; length <= story.facts.length; length += 1) {
          const after = fold(story.facts.slice(0, length));
          const [from, to] = [before.status, after.status];
          expect(
            from === to || (from === null ? to === 'invited' : to === null ? after.deleted : mayPass(from, to)),
          ).toBe(true);
          before = after;
        }
      }),
      { numRuns: 150 },
    );
  });

  it('it is submitted once, and once more for each time it is reopened, always with its snapshot', () => {
    fc.assert(
      fc.property(lives, (life) => {
        const story = live(life);
        let open = true;
        for (const [index, fact] of story.facts.entries()) {
          if (fact.type === 'session_reopened') open = true;
          if (fact.type !== 'task_submitted') continue;
          expect(open).toBe(true);
          open = false;
          expect(story.facts[index + 1]).toMatchObject({
            type: 'config_snapshot_taken',
            data: { atSeq: fact.revision },
          });
        }
      }),
      { numRuns: 150 },
    );
  });

  it('each deadline expires once, at its own time, and no earlier than the one before', () => {
    fc.assert(
      fc.property(lives, (life) => {
        const expired = ofType(live(life), 'time_expired').map(
          ({ data }) =>
            data as { timestampMs: number; body: { scope: string; deadlineAt: string; phaseIndex: number } },
        );
        const keys = expired.map(({ body }) => `${body.scope} ${body.phaseIndex} ${body.deadlineAt}`);
        expect(new Set(keys).size).toBe(keys.length);
        const stamps = expired.map(({ timestampMs }) => timestampMs);
        expect(stamps).toEqual([...stamps].sort((left, right) => left - right));
        expect(expired.map(({ body }) => Date.parse(body.deadlineAt))).toEqual(stamps);
      }),
      { numRuns: 150 },
    );
  });

  it('its activities are numbered without a gap, and each caller id stands once', () => {
    fc.assert(
      fc.property(lives, (life) => {
        const story = live(life);
        const activities = story.facts.filter(isActivityEvent);
        expect(activities.map(({ data }) => data.ordinal)).toEqual(activities.map((_, index) => index));
        const ids = activities.map(({ data }) => data.callerId).filter((id) => id !== null);
        expect(new Set(ids).size).toBe(ids.length);
        if (!story.state.deleted)
          expect(story.state.activities.revisions(0, 1000)).toEqual(activities.map(({ revision }) => revision));
      }),
      { numRuns: 150 },
    );
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
          expect([...accepted, ...duplicates].sort()).toEqual([...batch].sort());
          expect(rejected).toEqual([]);
          story = story.after(decide);
          expect(lastSeq).toBe(story.state.revision);
        }
        const stored = story.facts.filter(isActivityEvent).map(({ data }) => data.callerId);
        expect([...stored].sort()).toEqual([...new Set(batches.flat())].sort());
      }),
      { numRuns: 150 },
    );
  });
});
