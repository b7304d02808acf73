import { type KeyPrincipal, seesNames } from '#platform';
import type { Score } from '#scoring';

/** A score for a reader who is blind to names. */
export type ShownScore = Omit<Score, 'reviews'> & {
  readonly reviews: readonly (Omit<Score['reviews'][number], 'adjustments'> & {
    readonly adjustments: readonly {
      readonly categoryId: string;
      readonly score: number;
      readonly reason: string | null;
    }[];
  })[];
};

/**
 * What judges write was blinded before they read it, so everybody who may read scores sees it. What reviewers write in their
 * own words may name the candidate, and says who they are: whoever is blind to names gets the numbers without the words.
 */
export const shownTo = (caller: KeyPrincipal, score: Score): ShownScore => {
  if (seesNames(caller)) return score;
  const { autoScores, reviews } = score;
  const categories = Object.fromEntries(
    Object.entries(autoScores.categories).map(([id, category]) => [
      id,
      { ...category, adjustment: category.adjustment && { ...category.adjustment, byName: null, reason: '' } },
    ]),
  );
  return {
    ...score,
    autoScores: { ...autoScores, categories },
    reviews: reviews.map((review) => ({
      ...review,
      byName: null,
      note: null,
      adjustments: review.adjustments.map((adjustment) => ({ ...adjustment, reason: null })),
    })),
  };
};
