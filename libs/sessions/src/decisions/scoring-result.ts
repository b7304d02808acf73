import { isoTime } from '#platform';
import { flagKey } from '../scoring.evolve.js';
import type { RecordScoreRequest } from '../session.requests.js';
import type { Unfolding } from './unfolding.js';

export interface ScoreAnswer extends Omit<RecordScoreRequest, 'now'> {
  readonly requestId: string;
  readonly attempt: number;
}

/**
 * The score, and in the same append what the scorer noticed for a human to look at. What an earlier run noticed already is
 * not said again.
 */
export const appendScore = (work: Unfolding, answer: ScoreAnswer): void => {
  const { flags = [], ...score } = answer;
  for (const flag of flags)
    if (!work.state.scoring.flagged.includes(flagKey(flag)))
      work.appendActivity('security_flag', work.now, 'system', { ...flag });
  const { runId, requestId, attempt, finalScore, result } = score;
  work.append({
    type: 'score_recorded',
    data: { runId, requestId, attempt, scoredAt: isoTime(work.now), finalScore, result },
  });
};
