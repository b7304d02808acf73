import type { JudgingFlag } from '../judgement.js';

/** Where something that addresses the judge was found. */
export interface Suspicion {
  readonly eventId: string;
  readonly signs: readonly string[];
}

/** A flag names events, and they are looked at by a human: the first ones say enough. */
const MOST_IDS = 20;

/** One flag for the whole session, or none. */
export const flagOf = (suspicions: readonly Suspicion[]): JudgingFlag[] => {
  if (suspicions.length === 0) return [];
  const eventIds = [...new Set(suspicions.map(({ eventId }) => eventId))].slice(0, MOST_IDS);
  const signs = [...new Set(suspicions.flatMap((suspicion) => suspicion.signs))].sort();
  const kinds = signs.filter((name) => !name.startsWith('encoded_'));
  const hidden = signs.length > kinds.length;
  const severity = hidden || kinds.length > 1 ? 'high' : 'medium';
  return [{ code: 'prompt_injection', severity, source: 'server', evidence: { eventIds, signs } }];
};
