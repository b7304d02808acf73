import { isoTime, VerbatimError } from '#platform';
import { mayPass, refusedTransition } from '../session.lifecycle.js';
import type { SessionState } from '../session.state.js';

export const requireInProgress = (state: SessionState, to: 'in_progress' | 'submitted' = 'in_progress'): void => {
  if (state.closedAt !== null) throw closedError(state, `This session is closed (${state.closedReason}).`);
  if (state.status === 'in_progress') return;
  const hint = mayPass(state.status!, 'in_progress') ? 'Start it first.' : 'Open and start it first.';
  throw refusedTransition(state.status!, to, `This session is ${state.status}. ${hint}`);
};

export const closedError = (state: SessionState, message: string): VerbatimError =>
  new VerbatimError('session_closed', message, {
    details: {
      status: state.status,
      closedReason: state.closedReason,
      closedAt: state.closedAt === null ? null : isoTime(state.closedAt),
    },
  });
