import { isoTime } from '#platform';

/** null for a time that is not there, or is none: an erased or foreign event must not stop a fold. */
export const moment = (time: string | null | undefined): number | null => {
  const parsed = typeof time === 'string' ? Date.parse(time) : Number.NaN;
  return Number.isNaN(parsed) ? null : parsed;
};

export const isoOrNull = (at: number | null): string | null => (at === null ? null : isoTime(at));

export const MINUTE = 60_000;
