import { isVerbatimError, notFound } from '#platform';
import type { SessionDecision } from '../session.outcome.js';
import type { SessionState } from '../session.state.js';
import { applyDeadlines } from './deadlines.js';
import { Unfolding } from './unfolding.js';

/**
 * The frame of every command on a session: it exists, what is overdue happens first, then the command decides. When it
 * refuses, a cascade stands and the refusal is answered beside it (`Outcome`); without one the refusal is thrown.
 */
export const afterDeadlines = <Result>(
  state: SessionState,
  now: number,
  decide: (work: Unfolding) => Result,
): SessionDecision<Result> => {
  if (state.status === null) throw notFound('session');
  const work = new Unfolding(state, now);
  applyDeadlines(work);
  const cascade = work.events.length;
  try {
    const result = decide(work);
    return { events: work.events, answer: { result } };
  } catch (error) {
    if (cascade === 0 || !isVerbatimError(error)) throw error;
    return { events: work.events.slice(0, cascade), answer: { refusal: error } };
  }
};
