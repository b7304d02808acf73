import type { AssessmentCounted } from './organization.events.js';

interface CountedMonth {
  readonly used: number;
  /** Ids by their last two characters: counting one copies one small list. */
  readonly ids: ReadonlyMap<string, readonly string[]>;
}

/**
 * The assessments counted, by calendar month: this one, to hold it to the quota, and the one before, since a request
 * repeated after midnight must find the place it took before.
 */
export type CountedMonths = ReadonlyMap<string, CountedMonth>;

const MONTHS_KEPT = 2;

const bucketOf = (id: string): string => id.slice(-2);

export const usedIn = (months: CountedMonths, month: string): number => months.get(month)?.used ?? 0;

export const isCounted = (months: CountedMonths, id: string): boolean =>
  [...months.values()].some(({ ids }) => ids.get(bucketOf(id))?.includes(id));

export const countIn = (months: CountedMonths, { assessmentId, month }: AssessmentCounted): CountedMonths => {
  if (isCounted(months, assessmentId)) return months;
  const { used, ids } = months.get(month) ?? { used: 0, ids: new Map<string, readonly string[]>() };
  const bucket = bucketOf(assessmentId);
  const counted = { used: used + 1, ids: new Map(ids).set(bucket, [...(ids.get(bucket) ?? []), assessmentId]) };
  const all = [...new Map(months).set(month, counted)].sort(([one], [other]) => (one < other ? -1 : 1));
  return new Map(all.slice(-MONTHS_KEPT));
};
