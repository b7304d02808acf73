import type { ScoreResult, ScoringFlag } from '#sessions';
import type { JudgedCategory, JudgedCriterion, JudgeKind, Judgement, Total } from '../judging/judgement.js';

/** `external`: a service elsewhere, by its own methods. */
export type ScoreJudge = JudgeKind | 'external';

export type ScoredCriterion = Omit<JudgedCriterion, 'judge'> & { readonly judge: ScoreJudge };

export type ScoredCategory = Omit<JudgedCategory, 'judge' | 'subCriteria'> & {
  readonly judge: ScoreJudge;
  readonly subCriteria: readonly ScoredCriterion[];
};

/** What one run says of a submission, as it is kept in the session's stream: a judgement, of ours or of a service elsewhere. */
export type ScoreSheet = Omit<Judgement, 'judge' | 'categories'> & {
  readonly judge: ScoreJudge;
  readonly categories: readonly ScoredCategory[];
};

export interface RecordableScore {
  readonly finalScore: number | null;
  readonly result: ScoreResult;
  readonly flags: readonly ScoringFlag[];
}

/** What `RecordScore` and `BringScore` take, beside the run's id. */
export const recordable = (sheet: ScoreSheet): RecordableScore => {
  const { categories } = sheet;
  return {
    finalScore: percentOf(totalOf(categories)),
    result: { ...sheet },
    flags: sheet.securityFlags,
  };
};

type Points = Pick<ScoredCategory, 'score' | 'scoredPoints'>;

/** Points of what was scored, out of the points of what was scored: what was not is no low mark. */
export const totalOf = (categories: readonly Points[]): Pick<Total, 'score' | 'maxPoints'> => ({
  score: rounded(categories.reduce((sum, { score }) => sum + (score ?? 0), 0)),
  maxPoints: rounded(categories.reduce((sum, { scoredPoints }) => sum + scoredPoints, 0)),
});

export const percentOf = ({ score, maxPoints }: Pick<Total, 'score' | 'maxPoints'>): number | null =>
  maxPoints <= 0 ? null : Math.min(100, Math.max(0, Math.round((10_000 * score) / maxPoints) / 100));

/** In thousandths, as rubrics count points. */
export const rounded = (points: number): number => Math.round(points * 1000) / 1000;
