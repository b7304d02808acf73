import { type FoundAssessment, phasesOf } from '#assessments';
import type { SessionPlan } from './session.plan.js';

/** What a session takes over from its assessment as it stands now. */
export const planOf = ({ assessment, revision }: FoundAssessment): SessionPlan => ({
  assessmentRevision: revision,
  rubricVersion: assessment.rubricVersion,
  autoScore: assessment.autoScore,
  setupTimeMinutes: assessment.setupTimeMinutes,
  phases: phasesOf(assessment).map(({ name, timeMinutes }) => ({ name, timeMinutes })),
  candidatePermissions: assessment.candidatePermissions,
});
