import { accessExpired, type SessionState } from '#sessions';
import type { History } from './attempts.js';

/** D1: an attempt that an invitation finds and leaves as it is. Any other is over, and the next one may begin. */
export const isActive = (session: SessionState, now: number): boolean =>
  session.status !== null &&
  session.status !== 'reviewed' &&
  session.closedReason !== 'cancelled' &&
  !(session.status === 'invited' && accessExpired(session, now));

/** The last active attempt after the first `passed` ones. */
export const activeAttempt = (history: History, passed: number, now: number): SessionState | undefined =>
  history.slice(passed).findLast((session) => session !== null && isActive(session, now)) ?? undefined;

/** How many attempts there were before that moment; one made in the same millisecond was made at once with it. */
export const attemptsBefore = (history: History, moment: number): number => {
  const firstLater = history.findIndex((session) => session !== null && (session.createdAt ?? 0) >= moment);
  return firstLater < 0 ? history.length : firstLater;
};
