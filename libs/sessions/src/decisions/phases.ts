import { VerbatimError } from '#platform';
import type { SessionDecision } from '../session.outcome.js';
import type { AdvanceRequest, CheckpointRequest } from '../session.requests.js';
import { isLastPhase, type SessionState } from '../session.state.js';
import { afterDeadlines } from './frame.js';
import { CHECKPOINT_BYTES_LIMIT, CHECKPOINT_LIMIT } from './limits.js';
import { requireInProgress } from './refusals.js';
import { appendCheckpoint, appendPhaseAdvanced } from './steps.js';
import { notBeforeStart } from './unfolding.js';

/** What `expectedPhaseIndex` is for a caller that names none: the phase of the state its request was first handled on. */
export const phaseSeen = (state: SessionState): number => state.phaseIndex;

/** Saves the current phase's deliverable; an identical one changes nothing. */
export const checkpoint = (state: SessionState, request: CheckpointRequest): SessionDecision<void> =>
  afterDeadlines(state, request.now, (work) => {
    requireInProgress(work.state);
    const { checkpointCount, checkpointBytes } = work.state;
    appendCheckpoint(work, request.deliverable);
    // Advancing and submitting know no such limit: what is handed in is never refused for it.
    if (work.state.checkpointCount === checkpointCount) return;
    if (checkpointCount >= CHECKPOINT_LIMIT)
      throw new VerbatimError('session_event_limit', `This session holds ${CHECKPOINT_LIMIT} checkpoints already.`, {
        details: { limit: CHECKPOINT_LIMIT },
      });
    if (work.state.checkpointBytes > CHECKPOINT_BYTES_LIMIT)
      throw new VerbatimError(
        'session_event_limit',
        `The checkpoints of this session take ${checkpointBytes} bytes; ${CHECKPOINT_BYTES_LIMIT} are allowed.`,
        { details: { limitBytes: CHECKPOINT_BYTES_LIMIT, bytes: checkpointBytes } },
      );
  });

export const advancePhase = (
  state: SessionState,
  request: AdvanceRequest,
): SessionDecision<{ readonly newPhaseIndex: number }> =>
  afterDeadlines(state, request.now, (work) => {
    const left = work.state.phasesLeftBy.indexOf(request.commandId);
    if (left >= 0) return { newPhaseIndex: left + 1 };
    requireInProgress(work.state);
    const { phaseIndex } = work.state;
    if (request.expectedPhaseIndex !== phaseIndex)
      throw new VerbatimError(
        'phase_conflict',
        `The session is in phase ${phaseIndex}, not in phase ${request.expectedPhaseIndex}.`,
        { details: { currentPhaseIndex: phaseIndex, expectedPhaseIndex: request.expectedPhaseIndex } },
      );
    if (isLastPhase(work.state))
      throw new VerbatimError('no_next_phase', `Phase ${phaseIndex} is the last one: submit the session instead.`, {
        details: { currentPhaseIndex: phaseIndex },
      });
    if (request.deliverable) appendCheckpoint(work, request.deliverable);
    appendPhaseAdvanced(work, notBeforeStart(work.state, work.now), 'candidate', request.timeRemainingS);
    return { newPhaseIndex: work.state.phaseIndex };
  });
