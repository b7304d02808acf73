import { VerbatimError } from '#platform';
import type { ScoreAdjustment } from '#sessions';
import type { SheetCategory } from '../score/score-sheet.js';

type Bounds = Pick<SheetCategory, 'id' | 'maxPoints'>;

/**
 * Each names a category of the score, once, and stays within its points.
 * @throws VerbatimError invalid_parameter | score_out_of_range
 */
export const requireFitting = (adjustments: readonly ScoreAdjustment[], categories: readonly Bounds[]): void => {
  const seen = new Set<string>();
  for (const [at, { categoryId, score }] of adjustments.entries()) {
    const param = `adjustments[${at}].categoryId`;
    const category = categories.find(({ id }) => id === categoryId);
    if (!category)
      throw new VerbatimError('invalid_parameter', `${param} names no category of this score.`, {
        param,
        details: { allowed: categories.map(({ id }) => id) },
      });
    if (seen.has(categoryId))
      throw new VerbatimError('invalid_parameter', `${param} is adjusted by another one before it.`, { param });
    seen.add(categoryId);
    requireInRange(score, category.maxPoints, `adjustments[${at}].score`);
  }
};

/** @throws VerbatimError score_out_of_range */
export const requireInRange = (score: number, maxPoints: number, param: string): void => {
  if (score >= 0 && score <= maxPoints) return;
  throw new VerbatimError('score_out_of_range', `${param} is ${score}; allowed is 0 to ${maxPoints}.`, {
    param,
    details: { score, min: 0, max: maxPoints },
  });
};
