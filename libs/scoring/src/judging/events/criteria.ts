import type { CaseEvent } from '../case/case-file.js';
import { saturating } from '../case/texts.js';
import { type Finding, found, nothing } from '../finding.js';
import type { Work } from './work.js';

/** One rule of event analysis: a pure function of the work, by the name of the sub-criterion it serves. */
export interface EventCriterion {
  readonly id: string;
  /** For docs/judging.md, whose spec holds it to this. */
  readonly rule: string;
  find(work: Work): Finding;
}

/**
 * How all of them are built, so that none penalises the use of AI and silence is never a low mark:
 * what was done counts, from `SOME` for the first time to all points at `full`; nothing seen is no score.
 */
const SOME = 0.4;
const grown = (count: number, full: number): number => SOME + (1 - SOME) * saturating(count - 1, full - 1);

const times = (count: number, one: string, many = `${one}s`): string => `${count} ${count === 1 ? one : many}`;

const taskDivision: EventCriterion = {
  id: 'task_division',
  rule: 'Requests that the AI acted on (an answer or a tool followed before the next request): 0.4 of the points for one, all for five. How much the AI did counts for nothing.',
  find: ({ delegations }) =>
    delegations.length === 0
      ? nothing('No request is on record that the AI acted on.')
      : found(
          grown(delegations.length, 5),
          delegations,
          `${times(delegations.length, 'request')} that the AI acted on.`,
        ),
};

const toolChoice: EventCriterion = {
  id: 'tool_choice',
  rule: 'Different kinds of aid that were used: skills, sources, memory, instructions, files, workflows, commands, and the kinds of the AI\u2019s tools. 0.4 for one kind, all for four.',
  find: ({ aids }) =>
    aids.size === 0
      ? nothing('No use of a skill, source or tool is on record.')
      : found(grown(aids.size, 4), [...aids.values()], `Aids used: ${[...aids.keys()].join(', ')}.`),
};

const verification: EventCriterion = {
  id: 'verification',
  rule: 'Rounds of checking: tests, lint, type checks and builds, and sources looked up after the AI answered or changed something, repeats without a change or an answer in between taken as one. 0.4 for one, all for five.',
  find: ({ checkRounds }) =>
    checkRounds.length === 0
      ? nothing('No test, check or look-up is on record.')
      : found(grown(checkRounds.length, 5), checkRounds, `${times(checkRounds.length, 'round')} of checking.`),
};

const correction: EventCriterion = {
  id: 'correction',
  rule: 'Changes by the candidate on what the AI had changed, and further requests after the AI\u2019s changes: 0.4 for one, all for four.',
  find: ({ corrections, bundles }) => {
    const answered = bundles.map(({ answeredBy }) => answeredBy).filter((event): event is CaseEvent => event !== null);
    const acts = [...new Set([...corrections, ...answered])].sort((a, b) => a.seq - b.seq);
    return acts.length === 0
      ? nothing('No change or request that follows up on a change by the AI is on record.')
      : found(grown(acts.length, 4), acts, `${times(acts.length, 'act')} on what the AI had made.`);
  },
};

const criticalJudgement: EventCriterion = {
  id: 'critical_judgement',
  rule: 'Decisions that were put into words and ratings of the AI\u2019s answers, one with a reason counting twice: 0.4 for one, all for four.',
  find: ({ decisions, feedback }) => {
    const acts = [...decisions, ...feedback].sort((a, b) => a.event.seq - b.event.seq);
    const weight = acts.reduce((sum, { text }) => sum + (text === '' ? 1 : 2), 0);
    return acts.length === 0
      ? nothing('No stated decision and no rating of an answer is on record.')
      : found(
          grown(weight, 4),
          acts,
          `${times(decisions.length, 'stated decision')}, ${times(feedback.length, 'rating')}.`,
        );
  },
};

const sourceUse: EventCriterion = {
  id: 'source_use',
  rule: 'Different documents and inbox items opened during the task: 0.4 for one, all for four.',
  find: ({ sources }) =>
    sources.length === 0
      ? nothing('No document or inbox item was opened on record.')
      : found(grown(sources.length, 4), sources, `${times(sources.length, 'source')} opened.`),
};

const finalCheck: EventCriterion = {
  id: 'final_check',
  rule: 'Whether something was checked after the last change, whoever made it: all points for a check (0.4 when it was a test that did not pass), 0.6 when checks were made before it alone.',
  find: ({ verifications, lastChange, lastTest }) => {
    if (verifications.length === 0) return nothing('No check is on record.');
    const after = verifications.filter(({ seq }) => lastChange === null || seq >= lastChange.seq);
    if (after.length === 0) return found(0.6, verifications.slice(-2), 'Checks were made, none after the last change.');
    return lastTest && !lastTest.green && after.at(-1) === lastTest.event
      ? found(SOME, [lastTest.event], 'The last check was a test that did not pass.')
      : found(1, after.slice(-2), `${times(after.length, 'check')} after the last change.`);
  },
};

const preparation: EventCriterion = {
  id: 'preparation',
  rule: 'Instructions, memory, skills, sources and files the AI was given: 0.4 for one, all for three.',
  find: ({ preparations }) =>
    preparations.length === 0
      ? nothing('The AI was given nothing beforehand on record.')
      : found(grown(preparations.length, 3), preparations, `${times(preparations.length, 'piece')} of preparation.`),
};

const iteration: EventCriterion = {
  id: 'iteration',
  rule: 'Requests made after an answer of the AI: 0.4 for one, all for five.',
  find: ({ followUps }) =>
    followUps.length === 0
      ? nothing('No request after an answer is on record.')
      : found(
          grown(followUps.length, 5),
          followUps.map(({ prompt }) => prompt),
          `${times(followUps.length, 'request')} after an answer.`,
        ),
};

export const EVENT_CRITERIA: readonly EventCriterion[] = [
  taskDivision,
  toolChoice,
  verification,
  correction,
  criticalJudgement,
  sourceUse,
  finalCheck,
  preparation,
  iteration,
];
