import { type FoundAssessment, phasesOf } from '#assessments';
import type { SessionPlan } from './session.plan.js';

/** What a session takes over from its assessment as it stands now. */
export const planOf = ({ assessment, revision }: FoundAssessment): SessionPlan => ({
  assessmentRevision: revision,
  // The rubric is a part of the assessment and has its version.
  rubricVersion: assessment.scoringRubric === null ? null : revision + 1,
  setupTimeMinutes: assessment.setupTimeMinutes,
  phases: phasesOf(assessment).map(({ name, timeMinutes }) => ({ name, timeMinutes })),
  candidatePermissions: assessment.candidatePermissions,
});
