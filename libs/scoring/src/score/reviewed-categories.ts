import type { ScoreAdjustment, SessionState } from '#sessions';
import type { SheetCategory } from './score-sheet.js';

type HumanReview = SessionState['reviews'][number];

/** A human's number for a category; the last review that names it counts. */
export interface Adjustment extends Omit<ScoreAdjustment, 'categoryId'> {
  readonly by: string;
  readonly byName: string | null;
  readonly reviewedAt: number;
}

export const adjustmentsOf = (reviews: readonly HumanReview[], runId: string): ReadonlyMap<string, Adjustment> => {
  const adjustments = new Map<string, Adjustment>();
  for (const { runId: reviewed, adjustments: made, by, byName, reviewedAt } of reviews)
    if (reviewed === runId)
      for (const { categoryId, score, reason } of made)
        adjustments.set(categoryId, { score, reason, by, byName: byName ?? null, reviewedAt });
  return adjustments;
};

/** The category with the human's number in the judge's place: all of its points are scored then, also where the judge abstained. */
export const afterReview = (
  category: SheetCategory,
  adjustment: Adjustment | undefined,
): Pick<SheetCategory, 'score' | 'scoredPoints'> =>
  adjustment ? { score: adjustment.score, scoredPoints: category.maxPoints } : category;
