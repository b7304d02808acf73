import type { CaseText } from '../case/case-file.js';
import { coverage, saturating, termsOf, wordsOf } from '../case/texts.js';
import { found, nothing } from '../finding.js';
import type { Heuristic } from './heuristic.js';

/** Heuristics for how the candidate talked with the AI. They look at form and shared vocabulary, so that no language is preferred. */

const NO_REQUEST = 'No request to the AI is on record.';
const NO_FOLLOW_UP = 'No request after an answer is on record.';

/** Form alone is a weak sign: its absence is never taken for the lowest mark. */
const atLeast = (fraction: number): number => 0.3 + 0.7 * fraction;

/** 0.4 for the first, all points at `full`: as in event analysis. */
const grown = (count: number, full: number): number => 0.4 + 0.6 * saturating(count - 1, full - 1);

const goalAndContext: Heuristic = {
  id: 'goal_and_context',
  rule: '0.3, and for the rest, of the first five requests taken together: how much of the task\u2019s vocabulary they take up (all from 0.3), 0.5; their length (all from 80 words), 0.3; and the text of instructions, memory and skills given beforehand (all from 40 words), 0.2.',
  find: ({ work, brief }) => {
    const first = work.prompts.slice(0, 5);
    if (first.length === 0) return nothing(NO_REQUEST);
    const said = first.map(({ text }) => text).join('\n');
    const share = brief.size === 0 ? 1 : coverage(brief, termsOf(said));
    const words = wordsOf(said).length;
    const given = wordsOf(work.preparations.map(({ text }) => text).join('\n')).length;
    return found(
      atLeast(0.5 * saturating(share, 0.3) + 0.3 * saturating(words, 80) + 0.2 * saturating(given, 40)),
      first.map(({ event, text }) => ({ event, text, terms: brief })),
      `${words} words in the first ${first.length} requests, ${given} words given beforehand.`,
    );
  },
};

/** Signs of being definite that need no language. */
const SPECIFICS: Readonly<Record<string, RegExp>> = {
  figures: /\d/,
  // Blanks of the line itself: over line ends, too, every one of a run of them is tried to the end of the run.
  'lists or lines': /\n[^\S\n]*(?:[-*•·]|\d+[.)])|\n.+\n/,
  'quotes or code': /["“”„«»「」`]|(?:^|\s)'[^']+'/,
  'names of files or fields': /[\p{L}\p{N}][._/][\p{L}\p{N}]|[a-z][A-Z]/u,
  'conditions or parts': /[:;()]|,[^,]+,/,
};

const constraintsAndFormat: Heuristic = {
  id: 'constraints_and_format',
  rule: '0.3, and for the rest the share of the requests that are definite (figures, lists, quotes or code, names of files, conditions), all from half of them, 0.5; and how many of these five kinds appear at all, all from four, 0.5.',
  find: ({ work: { prompts } }) => {
    if (prompts.length === 0) return nothing(NO_REQUEST);
    const kindsIn = ({ text }: CaseText): string[] =>
      Object.entries(SPECIFICS)
        .filter(([, pattern]) => pattern.test(text))
        .map(([name]) => name);
    const definite = prompts.filter((prompt) => kindsIn(prompt).length > 0);
    const kinds = new Set(prompts.flatMap(kindsIn));
    return found(
      atLeast(0.5 * saturating(definite.length / prompts.length, 0.5) + 0.5 * saturating(kinds.size, 4)),
      definite.length > 0 ? definite : prompts,
      `${definite.length} of ${prompts.length} requests are definite: ${[...kinds].join(', ') || 'none'}.`,
    );
  },
};

const iteration: Heuristic = {
  id: 'iteration',
  rule: '0.3, and for the rest the requests after an answer (all from five), 0.6, and the share of them that take up what the answer said (two of its words or a figure; all from half of them), 0.4.',
  find: ({ work: { followUps }, takenUp }) => {
    if (followUps.length === 0) return nothing(NO_FOLLOW_UP);
    return found(
      atLeast(0.6 * saturating(followUps.length, 5) + 0.4 * saturating(takenUp.length / followUps.length, 0.5)),
      takenUp.length > 0 ? takenUp : followUps.map(({ prompt }) => prompt),
      `${takenUp.length} of ${followUps.length} requests after an answer take up what it said.`,
    );
  },
};

const criticalJudgement: Heuristic = {
  id: 'critical_judgement',
  rule: 'Decisions and ratings with a reason, and requests that take up what an answer said: 0.4 for one, all for six.',
  find: ({ work: { decisions, feedback }, takenUp }) => {
    const reasons = [...decisions, ...feedback].filter(({ text }) => wordsOf(text).length >= 3);
    const acts = [...reasons, ...takenUp].sort((a, b) => a.event.seq - b.event.seq);
    return acts.length === 0
      ? nothing('No reason is on record for what was taken or changed.')
      : found(
          grown(acts.length, 6),
          acts,
          `${reasons.length} stated reasons, ${takenUp.length} requests that take up an answer.`,
        );
  },
};

const verification: Heuristic = {
  id: 'verification',
  rule: 'Requests that take up what an answer said: 0.4 for one, all for five.',
  find: ({ takenUp }) => {
    return takenUp.length === 0
      ? nothing('No request is on record that looks into an answer.')
      : found(grown(takenUp.length, 5), takenUp, `${takenUp.length} requests look into what an answer said.`);
  },
};

const correction: Heuristic = {
  id: 'correction',
  rule: 'Requests after an answer upon which the AI answered anew: 0.4 for one, all for five.',
  find: ({ work: { followUps, delegations } }) => {
    const acted = new Set(delegations.map(({ event }) => event));
    const again = followUps.filter(({ prompt }) => acted.has(prompt.event)).map(({ prompt }) => prompt);
    return again.length === 0
      ? nothing(NO_FOLLOW_UP)
      : found(grown(again.length, 5), again, `${again.length} requests had the AI answer anew.`);
  },
};

const taskDivision: Heuristic = {
  id: 'task_division',
  rule: 'Requests that differ from those before them (fewer than half of their words in common with any): 0.4 for one, all for five.',
  find: ({ work: { prompts } }) => {
    const different: { readonly prompt: CaseText; readonly terms: ReadonlySet<string> }[] = [];
    for (const prompt of prompts) {
      const terms = termsOf(prompt.text);
      // Past these nothing more is to be had.
      if (different.length >= 8) break;
      if (terms.size > 0 && different.every((other) => coverage(terms, other.terms) < 0.5))
        different.push({ prompt, terms });
    }
    return different.length === 0
      ? nothing(NO_REQUEST)
      : found(
          grown(different.length, 5),
          different.map(({ prompt }) => prompt),
          `${different.length} different requests.`,
        );
  },
};

const toolChoice: Heuristic = {
  id: 'tool_choice',
  rule: 'How much the text of instructions, memory and skills speaks of the task: 0.4 for any, all from one in ten of the task\u2019s words.',
  find: ({ work: { preparations }, brief }) => {
    const texts = preparations.filter(({ text }) => text !== '');
    if (texts.length === 0) return nothing('No instruction, memory or skill with a text is on record.');
    const share = coverage(brief, termsOf(texts.map(({ text }) => text).join('\n')));
    return found(0.4 + 0.6 * saturating(share, 0.1), texts, `${texts.length} texts the AI was given beforehand.`);
  },
};

export const talkHeuristics: readonly Heuristic[] = [
  goalAndContext,
  constraintsAndFormat,
  iteration,
  criticalJudgement,
  verification,
  correction,
  taskDivision,
  toolChoice,
];
