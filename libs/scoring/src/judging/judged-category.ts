import { rounded } from './finding.js';
import type { JudgedCategory, JudgedCriterion, JudgedRubric, JudgeKind } from './judgement.js';
import { dealt, roundedPoints, sumOf } from './points.js';

/** A category's score is the sum of what is shown of its criteria: nothing is weighed anew for what could not be scored. */
export const categoryOf = (
  { id, name, points, scoringMethod }: JudgedRubric['categories'][number],
  criteria: readonly JudgedCriterion[],
  judge: JudgeKind,
): JudgedCategory => {
  const maxima = dealt(
    criteria.map(({ maxPoints }) => maxPoints),
    points,
  );
  const subCriteria = criteria.map((criterion, at) => withMaximum(criterion, maxima[at]!));
  const scored = subCriteria.filter(({ score }) => score !== null);
  return {
    id,
    name,
    score: scored.length === 0 ? null : sumOf(scored.map(({ score }) => score ?? 0)),
    maxPoints: roundedPoints(points),
    scoredPoints: sumOf(scored.map(({ maxPoints }) => maxPoints)),
    method: scoringMethod,
    judge: scoringMethod === 'event_analysis' ? 'offline' : judge,
    confidence: meanConfidence(subCriteria),
    attention: subCriteria.some(({ attention }) => attention),
    subCriteria,
  };
};

/** Thirds of a category round up or down; no score may be above what is shown as the most. */
const withMaximum = (criterion: JudgedCriterion, maxPoints: number): JudgedCriterion => ({
  ...criterion,
  maxPoints,
  score: criterion.score === null ? null : Math.min(criterion.score, maxPoints),
});

/** By points, over what was scored. */
export const meanConfidence = (criteria: readonly JudgedCriterion[]): number | null => {
  const scored = criteria.filter(({ score }) => score !== null);
  const points = sumOf(scored.map(({ maxPoints }) => maxPoints));
  if (scored.length === 0 || points === 0) return null;
  return rounded(scored.reduce((sum, { confidence, maxPoints }) => sum + confidence * maxPoints, 0) / points);
};
