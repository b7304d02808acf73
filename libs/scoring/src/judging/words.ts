import type { Judge, JudgeAnswer } from './judge.js';
import type { FollowUpQuestion, JudgedCategory, JudgedCriterion, JudgingFlag, Total } from './judgement.js';

const byShare = (criteria: readonly JudgedCriterion[]): JudgedCriterion[] =>
  criteria
    .filter(({ score, maxPoints }) => score !== null && maxPoints > 0)
    .sort((a, b) => b.score! / b.maxPoints - a.score! / a.maxPoints);

const all = (categories: readonly JudgedCategory[]): JudgedCriterion[] =>
  categories.flatMap(({ subCriteria }) => subCriteria);

const listed = (names: readonly string[]): string => names.join(', ');

/** For the reviewer: what the numbers say in a few sentences, and what they do not. */
export const summaryOf = (
  categories: readonly JudgedCategory[],
  totals: { readonly scored: Total; readonly all: Total },
  { kind, model }: Judge,
  flags: readonly JudgingFlag[],
): string => {
  const ranked = byShare(all(categories));
  const silent = all(categories).filter(({ score }) => score === null);
  const unsure = all(categories).filter(({ attention }) => attention);
  const by = kind === 'offline' ? 'the offline judge, by heuristics' : `the model ${model}`;
  return [
    ranked.length === 0
      ? 'Nothing on record could be scored.'
      : `${totals.all.score} of ${totals.all.maxPoints} points, of which ${totals.scored.maxPoints} could be scored, by ${by}.`,
    ranked.length > 1 ? `Strongest: ${listed(ranked.slice(0, 2).map(({ name }) => name))}.` : '',
    ranked.length > 3 ? `Weakest: ${listed(ranked.slice(-2).map(({ name }) => name))}.` : '',
    silent.length > 0
      ? `Not scored, which says nothing about the work: ${listed(silent.map(({ name }) => name))}.`
      : '',
    unsure.length > 0 ? `Runs disagree on ${listed(unsure.map(({ name }) => name))}: please look at these.` : '',
    flags.length > 0 ? 'Passages that address the judge were found and left out; they count for nothing.' : '',
  ]
    .filter(Boolean)
    .join(' ');
};

/** For the candidate: no points, no word on flags, and nothing about what was not on record. */
export const feedbackOf = (categories: readonly JudgedCategory[]): string => {
  const ranked = byShare(all(categories));
  if (ranked.length === 0) return 'There was too little on record to give feedback on.';
  const strong = ranked.slice(0, 2);
  const weak = ranked.filter((criterion) => !strong.includes(criterion)).slice(-2);
  return [
    `What stood out: ${listed(strong.map(({ name }) => name))}.`,
    ...(weak.length > 0 ? [`Where most can be gained: ${listed(weak.map(({ name }) => name))}.`] : []),
    'This was prepared automatically from the record of your session.',
  ].join(' ');
};

const MOST_QUESTIONS = 5;

/** What the judge itself would ask about a criterion. */
export interface Asked {
  readonly categoryId: string;
  readonly criterionId: string;
  readonly question: NonNullable<JudgeAnswer['followUp']>;
}

/** What a human should ask, first where the judge itself would ask, then where least was found or nothing. */
export const followUpsOf = (categories: readonly JudgedCategory[], asked: readonly Asked[]): FollowUpQuestion[] => {
  const questions = categories.flatMap(({ id: categoryId, subCriteria }) =>
    subCriteria.map((criterion) => {
      const own = asked.find(
        (known) => known.categoryId === categoryId && known.criterionId === criterion.id,
      )?.question;
      const share = criterion.score === null ? 0 : criterion.score / Math.max(criterion.maxPoints, 0.01);
      return { share, own: own !== undefined, question: { categoryId, ...(own ?? template(criterion)) } };
    }),
  );
  return questions
    .filter(({ share, own }) => own || share < 0.7)
    .sort((a, b) => Number(b.own) - Number(a.own) || a.share - b.share)
    .slice(0, MOST_QUESTIONS)
    .map(({ question }) => question);
};

/** A rubric's ids are anybody's words: a look-up in a plain object would find `constructor` too. */
const QUESTIONS: ReadonlyMap<string, readonly [question: string, lookFor: string]> = new Map(
  Object.entries({
    task_fulfilment: [
      'Which part of the task did you put first, and what did you leave out?',
      'An order that follows from the task, and what was left out named openly.',
    ],
    accuracy: [
      'Take one figure or claim of your result: where does it come from?',
      'A source that can be found again, and how it was checked.',
    ],
    clarity: [
      'Who was the result written for, and how did that shape it?',
      'A reader in mind and choices made for that reader.',
    ],
    finish: [
      'What would you still do before handing this to somebody?',
      'Knowing what is unfinished and what it would take.',
    ],
    task_division: [
      'How did you decide what to give the AI and what to do yourself?',
      'Reasons that have to do with the task and with what the AI is good at.',
    ],
    tool_choice: ['Which tools or sources helped most, and which did you leave aside?', 'A choice made for a reason.'],
    goal_and_context: [
      'What did you tell the AI about the goal before its first answer, and why that?',
      'What the AI could not have known by itself.',
    ],
    constraints_and_format: [
      'Which limits did you set for the AI, and what happened without them?',
      'Limits stated beforehand, or added upon seeing an answer.',
    ],
    iteration: [
      'Show one answer that you had improved: what was missing in it?',
      'A second request that names what the first answer lacked.',
    ],
    verification: [
      'How did you find out whether what the AI gave you was right?',
      'A check against something other than the AI itself.',
    ],
    correction: ['Where was the AI wrong, and what did you do about it?', 'A concrete mistake and its correction.'],
    critical_judgement: [
      'Which suggestion of the AI did you refuse, and why?',
      'A reason that has to do with the task.',
    ],
    source_use: [
      'Which of the documents at hand did you use, and for what?',
      'Sources that were read before they were relied on.',
    ],
    final_check: ['What did you do between the last change and submitting?', 'A check of the whole result.'],
    preparation: ['How did you set the AI up before beginning?', 'Instructions or material that fit the task.'],
  }),
);

const template = ({ id, name, score }: JudgedCriterion): Omit<FollowUpQuestion, 'categoryId'> => {
  const [question, lookFor] = QUESTIONS.get(id) ?? [
    `How did you go about this: ${name}?`,
    'A concrete example from the session and the reasons behind it.',
  ];
  return {
    question,
    lookFor,
    rationale:
      score === null
        ? `Nothing on record speaks to "${name}": the candidate can tell what the record does not.`
        : `"${name}" had fewer points than most: hear the candidate's side of it.`,
  };
};
