import fc from 'fast-check';
import type { SessionDecision } from '../session.outcome.js';
import type { SessionPlan } from '../session.plan.js';
import type { SessionState } from '../session.state.js';
import { at, does, message, planOf } from './sample-session.js';

/** Something asked of a session, at a minute. */
export type Step = (minute: number) => (state: SessionState) => SessionDecision<unknown>;

const names = fc.constantFrom('draft', 'better', 'final');
const runs = fc.constantFrom('run-1', 'run-2', 'run-3', 'run-4');
export const plan = fc
  .tuple(fc.constantFrom(0, 10), fc.array(fc.constantFrom(20, 30), { minLength: 1, maxLength: 3 }))
  .map(([setup, phases]) => planOf(setup, ...phases));
export const due = fc.option(fc.integer({ min: 5, max: 250 }), { nil: null });
const idLists = fc.array(fc.constantFrom('a', 'b', 'c', 'd', 'e', 'f'), { minLength: 1, maxLength: 4 });

/** One thing asked. */
const steps = (thePlan: SessionPlan): fc.Arbitrary<Step> =>
  fc.oneof(
    fc.constant<Step>((minute) => does.open(minute, thePlan)),
    fc.constant<Step>((minute) => does.start(minute, thePlan)),
    idLists.map<Step>(
      (ids) => (minute) =>
        does.record(
          minute,
          ids.map((id) => message(id)),
        ),
    ),
    names.map<Step>((name) => (minute) => does.checkpoint(minute, name)),
    fc.tuple(fc.nat(2), fc.option(names, { nil: undefined }), fc.option(fc.nat(2000), { nil: null })).map<Step>(
      ([phase, name, left]) =>
        (minute) =>
          does.advance(minute, phase, name, left),
    ),
    fc.option(names, { nil: undefined }).map<Step>((name) => (minute) => does.submit(minute, name)),
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
    fc.integer({ min: 1, max: 30 }).map<Step>((minutes) => (minute) => does.reopen(minute, minutes)),
    fc.constant<Step>((minute) => does.requestScoring(minute)),
    runs.map<Step>((run) => (minute) => does.startScoring(minute, run)),
    runs.map<Step>((run) => (minute) => does.recordScore(minute, run)),
    runs.map<Step>((run) => (minute) => does.failScoring(minute, run)),
    runs.map<Step>((run) => (minute) => does.parkScoring(minute, run)),
    fc.constant<Step>((minute) => does.review(minute, 'hold')),
    fc.constant<Step>((minute) => does.decide(minute)),
  );

/** A few things asked in the order that gets somewhere: random ones alone hardly ever reach a score. */
const episodes = (thePlan: SessionPlan): fc.Arbitrary<readonly Step[]> =>
  fc.oneof(
    { weight: 6, arbitrary: steps(thePlan).map((step) => [step]) },
    {
      weight: 2,
      arbitrary: fc.constant<Step[]>([
        (minute) => does.start(minute, thePlan),
        (minute) => does.checkpoint(minute, 'draft'),
      ]),
    },
    { weight: 1, arbitrary: fc.constant<Step[]>([(minute) => does.closeDue(minute + 200)]) },
    {
      weight: 1,
      arbitrary: fc.constant<Step[]>([
        (minute) => does.review(minute, 'hold'),
        (minute) => does.decide(minute, 'hired'),
      ]),
    },
    {
      weight: 3,
      arbitrary: fc
        .tuple(runs, fc.constantFrom(does.recordScore, does.failScoring, does.parkScoring))
        .map<Step[]>(([run, end]) => [
          (minute) => does.requestScoring(minute),
          (minute) => does.startScoring(minute, run),
          (minute) => end(minute, run),
        ]),
    },
  );

/** Time mostly moves on; now and then a command was received a little before the one handled last. */
const gap = fc.oneof({ weight: 8, arbitrary: fc.integer({ min: 0, max: 25 }) }, fc.constant(-0.05));

/** A session's invitation and all that was asked of it. */
export const lives = fc.record({ thePlan: plan, dueDate: due }).chain(({ thePlan, dueDate }) =>
  fc.record({
    thePlan: fc.constant(thePlan),
    dueDate: fc.constant(dueDate),
    told: fc.array(fc.tuple(gap, episodes(thePlan)), { minLength: 1, maxLength: 16 }),
    end: fc.constantFrom('delete', 'cancel', 'none'),
  }),
);

export type Life = typeof lives extends fc.Arbitrary<infer Told> ? Told : never;
