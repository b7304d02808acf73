import { createHash } from 'node:crypto';
import type { ScoringMethod } from '../rubrics/rubric.events.js';
import type { JudgedRubric } from './judgement.js';
import { dealt } from './points.js';

/** What one answer of a judge is about. */
export interface ScoredCriterion {
  readonly id: string;
  readonly name: string;
  readonly description: string | null;
  readonly points: number;
  readonly categoryId: string;
  readonly categoryName: string;
  readonly method: ScoringMethod;
}

type Category = JudgedRubric['categories'][number];

/**
 * The enabled sub-criteria, or the category itself when it has none. They share the category's points in the proportion of
 * their own: what a disabled one would have had goes to the others.
 */
export const criteriaOf = (category: Category): ScoredCriterion[] => {
  const enabled = category.subCriteria.filter(({ enabled: on, points }) => on && points > 0);
  const parts = enabled.length > 0 ? enabled : [{ ...category, description: null }];
  const sum = parts.reduce((total, { points }) => total + points, 0);
  const points = dealt(
    parts.map((part) => (sum === 0 ? 0 : (part.points / sum) * category.points)),
    category.points,
  );
  return parts.map(({ id, name, description }, at) => ({
    id,
    name,
    description,
    points: points[at]!,
    categoryId: category.id,
    categoryName: category.name,
    method: category.scoringMethod,
  }));
};

/** Of what is judged by: two rubrics with the same hash ask for the same. */
export const rubricHashOf = ({ totalPoints, categories }: JudgedRubric): string =>
  sha256(
    JSON.stringify([
      totalPoints,
      categories.map(({ id, name, points, scoringMethod, subCriteria }) => [
        id,
        name,
        points,
        scoringMethod,
        subCriteria.map((part) => [part.id, part.name, part.points, part.description, part.enabled]),
      ]),
    ]),
  );

export const sha256 = (text: string): string => createHash('sha256').update(text).digest('hex');
