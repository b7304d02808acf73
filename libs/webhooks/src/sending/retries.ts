import { derivedId } from '#platform';

const SECOND = 1000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;
const WAITS_MS = [5 * SECOND, 30 * SECOND, 2 * MINUTE, 10 * MINUTE, 30 * MINUTE, HOUR, 2 * HOUR, 4 * HOUR, 6 * HOUR];
/** How long a delivery is tried; the last try is made at the end of it. */
export const TRIED_FOR_MS = 24 * HOUR;
/** Each wait is so much longer or shorter, so that those that failed together do not come back together. */
const JITTER = 0.2;

/**
 * When to try again after that many tries, undefined when the day is over. The jitter follows from the delivery and the try: a
 * repeated decision is the same one.
 */
export const nextTry = (
  { id, createdAt }: { readonly id: string; readonly createdAt: number },
  attempts: number,
  now: number,
): number | undefined => {
  const last = createdAt + TRIED_FOR_MS;
  if (now >= last) return undefined;
  const wait = WAITS_MS[Math.min(attempts, WAITS_MS.length) - 1]!;
  const drawn = Number.parseInt(derivedId('webhook_jitter', id, attempts).slice(0, 8), 16) / 0xffffffff;
  return Math.min(last, Math.round(now + wait * (1 - JITTER + 2 * JITTER * drawn)));
};
