import { rounded } from './finding.js';
import type { JudgedCategory, JudgedCriterion, JudgedRubric, JudgeKind } from './judgement.js';
import { sumOf } from './points.js';

/** A category's score is the sum of what is shown of its criteria: nothing is weighed anew for what could not be scored. */
export const categoryOf = (
  { id, name, points, scoringMethod }: JudgedRubric['categories'][number],
  subCriteria: readonly JudgedCriterion[],
  judge: JudgeKind,
): JudgedCategory => {
  const scored = subCriteria.filter(({ score }) => score !== null);
  return {
    id,
    name,
    score: scored.length === 0 ? null : sumOf(scored.map(({ score }) => score ?? 0)),
    maxPoints: points,
    scoredPoints: sumOf(scored.map(({ maxPoints }) => maxPoints)),
    method: scoringMethod,
    judge: scoringMethod === 'event_analysis' ? 'offline' : judge,
    confidence: meanConfidence(subCriteria),
    attention: subCriteria.some(({ attention }) => attention),
    subCriteria,
  };
};

/** By points, over what was scored. */
export const meanConfidence = (criteria: readonly JudgedCriterion[]): number | null => {
  const scored = criteria.filter(({ score }) => score !== null);
  const points = sumOf(scored.map(({ maxPoints }) => maxPoints));
  if (scored.length === 0 || points === 0) return null;
  return rounded(scored.reduce((sum, { confidence, maxPoints }) => sum + confidence * maxPoints, 0) / points);
};
