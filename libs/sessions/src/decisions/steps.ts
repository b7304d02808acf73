import { derivedId, isoTime } from '#platform';
import { MINUTE } from '../moment.js';
import type { SubmitTrigger } from '../session.events.js';
import type { DeliverableRef } from '../session.requests.js';
import { deliverablesOf, type SessionState } from '../session.state.js';
import { CLOCK_SKEW_S } from './limits.js';
import { snapshotOf } from './snapshot.js';
import type { Unfolding } from './unfolding.js';

export const appendTaskStarted = (work: Unfolding, at: number, trigger: 'candidate' | 'timer' | 'no_setup'): void =>
  work.append({
    type: 'task_started',
    data: { startedAt: isoTime(at), trigger, phaseIndex: 0, deadlineAt: isoTime(at + phaseMs(work.state, 0)) },
  });

const phaseMs = (state: SessionState, phaseIndex: number): number =>
  (state.plan.phases[phaseIndex]?.timeMinutes ?? 0) * MINUTE;

export const appendCheckpoint = (work: Unfolding, deliverable: DeliverableRef): void => {
  const { checkpoint: saved, phaseIndex } = work.state;
  if (saved?.sha256 === deliverable.sha256) return;
  const { artifactId, sha256, bytes } = deliverable;
  work.append({
    type: 'checkpoint_saved',
    data: { phaseIndex, artifactId, sha256, bytes, savedAt: isoTime(work.now) },
  });
};

/** Leaves the phase with its last checkpoint; the next one gets its whole time, unused seconds are not carried over. */
export const appendPhaseAdvanced = (
  work: Unfolding,
  at: number,
  trigger: 'candidate' | 'timer',
  timeRemainingReportedS: number | null,
): void => {
  const { phaseIndex, phaseDeadlineAt, checkpoint: saved } = work.state;
  const remainingS = Math.max(0, ((phaseDeadlineAt ?? at) - at) / 1000);
  const timeRemainingServerS = Math.round(remainingS);
  work.appendActivity('phase_advanced', at, trigger === 'candidate' ? 'candidate' : 'system', {
    fromPhaseIndex: phaseIndex,
    toPhaseIndex: phaseIndex + 1,
    trigger,
    artifactId: saved?.artifactId ?? null,
    deliverableSha256: saved?.sha256 ?? null,
    timeRemainingReportedS,
    timeRemainingServerS,
    deadlineAt: isoTime(at + phaseMs(work.state, phaseIndex + 1)),
  });
  if (timeRemainingReportedS !== null && Math.abs(timeRemainingReportedS - remainingS) > CLOCK_SKEW_S)
    work.appendActivity('security_flag', at, 'system', {
      code: 'clock_skew',
      severity: 'low',
      source: 'server',
      evidence: { fromPhaseIndex: phaseIndex, timeRemainingReportedS, timeRemainingServerS },
    });
};

/**
 * The submission with its snapshot, always in one append: no submitted session lacks one. Nor, where the assessment scores by
 * itself, the request for a score.
 */
export const appendSubmission = (work: Unfolding, at: number, trigger: SubmitTrigger): void => {
  const { sessionId, taskStartedAt, revision } = work.state;
  const atSeq = revision + 1;
  const snapshotId = derivedId('snapshot', sessionId, atSeq);
  work.appendActivity('task_submitted', at, trigger === 'candidate' ? 'candidate' : 'system', {
    trigger,
    artifacts: deliverablesOf(work.state),
    snapshotId,
    elapsedMs: Math.max(0, at - (taskStartedAt ?? at)),
  });
  work.append({ type: 'config_snapshot_taken', data: snapshotOf(work.state, snapshotId, atSeq) });
  if (work.state.plan.autoScore !== true) return;
  const requestId = derivedId('scoring', sessionId, atSeq);
  work.append({
    type: 'scoring_requested',
    data: { requestId, trigger: 'submission', model: null, requestedAt: isoTime(at), by: 'assessment' },
  });
};
