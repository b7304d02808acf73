import { configOf } from '../config.fold.js';
import type { ConfigSnapshot } from '../session.plan.js';
import { deliverablesOf, type SessionState } from '../session.state.js';

/** The AI configuration at the submission: a fold of the stream up to `atSeq`, never a look at current settings. */
export const snapshotOf = (state: SessionState, snapshotId: string, atSeq: number): ConfigSnapshot => ({
  snapshotId,
  ...configOf(state.config),
  candidatePermissions: state.plan.candidatePermissions,
  // Callers count an assessment's versions from 1.
  assessmentVersion: state.plan.assessmentRevision + 1,
  rubricVersion: state.plan.rubricVersion,
  deliverables: deliverablesOf(state),
  atSeq,
});
