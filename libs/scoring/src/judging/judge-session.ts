import { opening } from './case/case-file.js';
import { readWork } from './events/work.js';
import { JUDGE_VERSION, type Judges } from './judge.js';
import { categoryOf, meanConfidence } from './judged-category.js';
import { type CriterionOutcome, judgeCriterion } from './judged-criterion.js';
import type {
  JudgedCategory,
  JudgedCriterion,
  JudgedRubric,
  Judgement,
  JudgingInput,
  JudgingOptions,
} from './judgement.js';
import { totalsOf } from './points.js';
import { criteriaOf, rubricHashOf, sha256 } from './rubric-reading.js';
import { inTurns } from './turns.js';
import { type Asked, feedbackOf, followUpsOf, summaryOf } from './words.js';

const MOST_RUNS = 9;

/**
 * One look at a submitted session. Reads nothing but its input, writes nothing; the same input gives the same judgement with
 * the offline judge.
 * @throws JudgeError when the judge cannot be asked at all; the signal's reason when it is aborted
 */
export const judgeSession = async (
  input: JudgingInput,
  judges: Judges,
  { signal, runs: wanted, model = null }: JudgingOptions,
): Promise<Judgement> => {
  signal.throwIfAborted();
  const file = await inTurns(opening(input), signal);
  const judge = model === null ? judges.judge : judges.judge.by(model);
  const runs = judge.deterministic ? 1 : Math.min(MOST_RUNS, Math.max(1, Math.trunc(wanted ?? judges.runs)));
  const hearing = judge.hear(file);
  // When one criterion fails, what is still being asked of the others is of no use.
  const failure = new AbortController();
  const until = AbortSignal.any([signal, failure.signal]);
  const work = readWork(file);
  const judged = await Promise.all(
    input.rubric.categories.map((category) =>
      Promise.all(
        criteriaOf(category).map((criterion) =>
          judgeCriterion({ criterion, file, work, hearing, judges, runs, signal: until }),
        ),
      ),
    ),
  ).catch((error: unknown) => {
    failure.abort(error);
    signal.throwIfAborted();
    throw error;
  });
  const categories = input.rubric.categories.map((category, at) =>
    categoryOf(
      category,
      judged[at]!.map(({ criterion }) => criterion),
      judge.kind,
    ),
  );
  const totals = totalsOf(categories, input.rubric.totalPoints);
  const hashes = criteriaIn(categories).flatMap(({ promptHash }) => promptHash ?? []);
  return {
    judge: judge.kind,
    model: judge.model,
    judgeVersion: JUDGE_VERSION,
    rubricId: input.rubric.id,
    rubricVersion: input.rubric.version,
    rubricHash: rubricHashOf(input.rubric),
    promptHash: hashes.length === 0 ? null : sha256(hashes.join('\n')),
    categories,
    rawTotal: totals.all.score,
    totals,
    confidence: meanConfidence(criteriaIn(categories)),
    runs,
    attention: categories.some(({ attention }) => attention),
    usage: hearing.usage(),
    securityFlags: file.flags,
    summaryText: summaryOf(categories, totals, judge, file.flags),
    feedbackText: feedbackOf(categories),
    followUpQuestions: followUpsOf(categories, askedBy(input.rubric, judged)),
  };
};

const criteriaIn = (categories: readonly JudgedCategory[]): JudgedCriterion[] =>
  categories.flatMap(({ subCriteria }) => subCriteria);

/** What the judge itself would ask. */
const askedBy = (rubric: JudgedRubric, judged: readonly (readonly CriterionOutcome[])[]): Asked[] =>
  rubric.categories.flatMap(({ id }, at) =>
    judged[at]!.flatMap(({ criterion, followUp }) =>
      followUp ? [{ categoryId: id, criterionId: criterion.id, question: followUp }] : [],
    ),
  );
