import { VerbatimError } from '#platform';
import type { EventView } from '#sessions';
import { Blinder } from '../judging/case/blinding.js';
import { opening } from '../judging/case/case-file.js';
import { quoteStandsIn, textOfDeliverable } from '../judging/case/evidence.js';
import { categoryOf } from '../judging/judged-category.js';
import type { Evidence, FollowUpQuestion, JudgedCategory, JudgedCriterion } from '../judging/judgement.js';
import { judgingInputOf } from '../judging/judging-input.js';
import { dealt, totalsOf } from '../judging/points.js';
import { criteriaOf, rubricHashOf, type ScoredCriterion } from '../judging/rubric-reading.js';
import { inTurns } from '../judging/turns.js';
import { requireInRange } from '../review/checked-adjustments.js';
import type { ScoreSheet } from '../score/score-sheet.js';
import type { Submission } from '../submissions/submissions.js';

export interface BroughtCriterion {
  readonly id: string;
  /** null: abstained. */
  readonly score: number | null;
  readonly evidence?: readonly Omit<Evidence, 'claim'>[] | undefined;
  readonly rationale?: string | undefined;
  /** 0 to 1. */
  readonly confidence?: number | undefined;
}

export interface BroughtCategory {
  readonly categoryId: string;
  readonly subCriteria: readonly BroughtCriterion[];
}

/** A score as a service elsewhere posts it. */
export interface BroughtScore {
  readonly model: string | null;
  readonly categories: readonly BroughtCategory[];
  readonly summaryText: string;
  readonly feedbackText: string;
  readonly followUpQuestions: readonly FollowUpQuestion[];
}

/**
 * The sheet of a brought score, held to the session's rubric and to what is on record: what it does not mention it abstained
 * from, and each number stands on a quote that is there. Its words are kept without the candidate's name, which scorers are
 * not told. What in the session addresses a judge is flagged whoever scores it.
 * @throws VerbatimError invalid_parameter | score_out_of_range | evidence_not_found
 */
export const externalSheet = async (submission: Submission, brought: BroughtScore): Promise<ScoreSheet> => {
  const { rubric } = submission;
  const words = new Blinder(submission.person);
  const places = placesOf(brought, submission);
  const categories = rubric.categories.map((category): JudgedCategory => {
    const criteria = criteriaOf(category);
    const maxima = dealt(
      criteria.map(({ points }) => points),
      category.points,
    );
    const judged = criteria.map((criterion, at) =>
      judgedCriterion(criterion, maxima[at] ?? 0, places.get(`${category.id} ${criterion.id}`), submission, words),
    );
    return categoryOf(category, judged, 'offline');
  });
  const totals = totalsOf(categories, rubric.totalPoints);
  return {
    judge: 'external',
    model: brought.model,
    judgeVersion: 'external',
    rubricId: rubric.id,
    rubricVersion: rubric.version,
    rubricHash: rubricHashOf(rubric),
    promptHash: null,
    categories: categories.map((category) => ({
      ...category,
      judge: 'external',
      subCriteria: category.subCriteria.map((criterion) => ({ ...criterion, judge: 'external' })),
    })),
    rawTotal: totals.all.score,
    totals,
    confidence: meanOf(categories.flatMap(({ confidence }) => confidence ?? [])),
    runs: 1,
    attention: false,
    usage: { requests: 0, inputTokens: 0, outputTokens: 0, cost: null },
    securityFlags: (await inTurns(opening(judgingInputOf(submission)))).flags,
    summaryText: words.nameless(brought.summaryText),
    feedbackText: words.nameless(brought.feedbackText),
    followUpQuestions: followUps(brought, submission, words),
  };
};

interface Place {
  readonly brought: BroughtCriterion;
  /** Where it stands in what was posted. */
  readonly param: string;
}

/** What was brought, by category and criterion: each known to the rubric, and there once. */
const placesOf = ({ categories }: BroughtScore, { rubric }: Submission): ReadonlyMap<string, Place> => {
  const places = new Map<string, Place>();
  for (const [at, { categoryId, subCriteria }] of categories.entries()) {
    const category = rubric.categories.find(({ id }) => id === categoryId);
    requireKnown(category !== undefined, `categories[${at}].categoryId`, () => rubric.categories.map(({ id }) => id));
    const known = category ? criteriaOf(category).map(({ id }) => id) : [];
    for (const [index, brought] of subCriteria.entries()) {
      const param = `categories[${at}].subCriteria[${index}]`;
      requireKnown(known.includes(brought.id), `${param}.id`, () => known);
      const key = `${categoryId} ${brought.id}`;
      if (places.has(key))
        throw new VerbatimError('invalid_parameter', `${param}.id is scored by another one before it.`, {
          param: `${param}.id`,
        });
      places.set(key, { brought, param });
    }
  }
  return places;
};

const requireKnown = (isKnown: boolean, param: string, allowed: () => readonly string[]): void => {
  if (isKnown) return;
  throw new VerbatimError('invalid_parameter', `${param} names nothing of this session's rubric.`, {
    param,
    details: { allowed: allowed() },
  });
};

const judgedCriterion = (
  criterion: ScoredCriterion,
  maxPoints: number,
  place: Place | undefined,
  submission: Submission,
  words: Blinder,
): JudgedCriterion => {
  const { brought, param } = place ?? {};
  const score = brought?.score ?? null;
  if (score !== null) requireInRange(score, maxPoints, `${param}.score`);
  const evidence = (brought?.evidence ?? []).map((each, at) =>
    found(each, `${param}.evidence[${at}]`, submission, words),
  );
  if (score !== null && evidence.length === 0)
    throw new VerbatimError('evidence_not_found', `${param} has a score and no evidence: quote an event for it.`, {
      param: `${param}.evidence`,
    });
  return {
    id: criterion.id,
    name: criterion.name,
    score,
    maxPoints,
    method: criterion.method,
    judge: 'offline',
    parts: [],
    evidence,
    rationale: words.nameless(brought?.rationale ?? ''),
    abstained: score === null ? 'judge_abstained' : null,
    confidence: score === null ? 0 : (brought?.confidence ?? 1),
    runs: [score],
    median: score,
    spread: score === null ? null : 0,
    attention: false,
    promptHash: null,
  };
};

/** A quote may be of the event as it is, or as scorers are shown deliverables: without names and addresses. */
const found = (
  { eventId, quote }: Omit<Evidence, 'claim'>,
  param: string,
  { events, deliverables }: Submission,
  blinder: Blinder,
): Evidence => {
  const event = events.find(({ id }) => id === eventId);
  const submitted = event?.type === 'task_submitted' ? deliverables.map(({ state }) => textOfDeliverable(state)) : [];
  const standsBlind =
    event !== undefined &&
    quoteStandsIn(
      { type: event.type, data: blinder.value(event.data) },
      quote,
      submitted.map((text) => blinder.text(text)),
    );
  if (event === undefined || !(standsBlind || quoteStandsIn(event, quote, submitted)))
    throw new VerbatimError(
      'evidence_not_found',
      event
        ? `${param}.quote does not stand in event ${eventId}.`
        : `${param}.eventId names no event of the submission.`,
      { param, details: { eventId } },
    );
  // Kept as judges of ours keep it: as it stands in the blinded event, where it stands there.
  const kept = standsBlind ? quote : blinder.text(quote);
  return { eventId, quote: kept, ...(isClaim(event) ? { claim: true as const } : {}) };
};

/** What the AI did, told by the candidate's own client. */
const isClaim = ({ claim }: EventView): boolean => claim === true;

const followUps = (
  { followUpQuestions }: BroughtScore,
  { rubric: { categories } }: Submission,
  words: Blinder,
): readonly FollowUpQuestion[] => {
  for (const [at, { categoryId }] of followUpQuestions.entries())
    requireKnown(
      categories.some(({ id }) => id === categoryId),
      `followUpQuestions[${at}].categoryId`,
      () => categories.map(({ id }) => id),
    );
  return followUpQuestions.map((asked) => ({
    categoryId: asked.categoryId,
    question: words.nameless(asked.question),
    rationale: words.nameless(asked.rationale),
    lookFor: words.nameless(asked.lookFor),
  }));
};

const meanOf = (values: readonly number[]): number | null =>
  values.length === 0 ? null : Math.round((100 * values.reduce((sum, value) => sum + value, 0)) / values.length) / 100;
