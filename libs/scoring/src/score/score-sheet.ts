import type { ScoreResult, ScoringFlag } from '#sessions';
import type { JudgedCategory, JudgedCriterion, JudgeKind, Judgement } from '../judging/judgement.js';
import { roundedPoints, sumOf } from '../judging/points.js';

/** `external`: a service elsewhere, by its own methods. */
export type ScoreJudge = JudgeKind | 'external';

export type SheetCriterion = Omit<JudgedCriterion, 'judge'> & { readonly judge: ScoreJudge };

export type SheetCategory = Omit<JudgedCategory, 'judge' | 'subCriteria'> & {
  readonly judge: ScoreJudge;
  readonly subCriteria: readonly SheetCriterion[];
};

/** What one run says of a submission, as it is kept in the session's stream: a judgement, of ours or of a service elsewhere. */
export type ScoreSheet = Omit<Judgement, 'judge' | 'categories'> & {
  readonly judge: ScoreJudge;
  readonly categories: readonly SheetCategory[];
};

export interface RecordableScore {
  readonly finalScore: number | null;
  readonly result: ScoreResult;
  readonly flags: readonly ScoringFlag[];
}

/** What `RecordScore` and `BringScore` take, beside the run's id. */
export const recordable = (sheet: ScoreSheet): RecordableScore => ({
  finalScore: finalScoreOf(sheet.categories),
  result: { ...sheet },
  flags: sheet.securityFlags,
});

type Points = Pick<SheetCategory, 'score' | 'scoredPoints'>;

/**
 * 0–100: points out of the points of what was scored; null when nothing was. What could not be scored is no low mark, and
 * stands beside it (`totals`): docs/decisions/0011.
 */
export const finalScoreOf = (categories: readonly Points[]): number | null => {
  const maxPoints = sumOf(categories.map(({ scoredPoints }) => scoredPoints));
  if (maxPoints <= 0) return null;
  return Math.min(100, Math.max(0, roundedPoints((100 * totalOf(categories)) / maxPoints)));
};

export const totalOf = (categories: readonly Points[]): number => sumOf(categories.map(({ score }) => score ?? 0));

/** Of a run whose words were erased, or that somebody wrote by hand, only what is there. */
export const categoriesOf = (result: ScoreResult): readonly SheetCategory[] => {
  const { categories } = result as Partial<ScoreSheet>;
  return Array.isArray(categories) ? categories : [];
};
