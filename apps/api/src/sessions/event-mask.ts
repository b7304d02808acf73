import { type Principal, seesNames } from '#platform';
import type { ScoreAdjustment } from '#sessions';

interface Shown {
  readonly type: string;
  readonly data: object;
}

const OPINIONS: ReadonlySet<string> = new Set(['score_recorded', 'review_recorded', 'decision_recorded']);
const WHICH_AND_WHEN = ['runId', 'requestId', 'attempt', 'scoredAt', 'reviewedAt', 'decidedAt'];

/**
 * An event for this reader (docs/decisions/0011). A second opinion that has seen the first is none: scorers learn that there
 * are scores, reviews and decisions, and not which. What a reviewer wrote may name the candidate: whoever is blind to names
 * gets the numbers.
 */
export const maskedFor = <Event extends Shown>(reader: Principal, event: Event): Event & { masked?: true } => {
  if (!OPINIONS.has(event.type)) return event;
  if (reader.kind === 'key' && reader.role === 'scorer')
    return { ...event, data: picked(event.data, WHICH_AND_WHEN), masked: true };
  if (event.type !== 'review_recorded' || seesNames(reader)) return event;
  const { adjustments = [] } = event.data as { adjustments?: readonly ScoreAdjustment[] };
  const numbers = adjustments.map(({ categoryId, score }) => ({ categoryId, score }));
  return { ...event, data: { ...picked(event.data, WHICH_AND_WHEN), adjustments: numbers }, masked: true };
};

const picked = (data: object, names: readonly string[]): object =>
  Object.fromEntries(Object.entries(data).filter(([name]) => names.includes(name)));
