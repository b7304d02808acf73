import { assessmentEvents } from './assessment.events.js';
import { assessmentListProjection } from './projections/assessment-list.projection.js';

export type { AssessmentState } from './assessment.decider.js';
export type { AssessmentEvent } from './assessment.events.js';
export {
  ASSESSMENT_BOUNDS,
  type AssessmentFields,
  type AssessmentPhase,
  type AssessmentWish,
  type CandidatePermissions,
  DELIVERABLE_TYPES,
  type DeliverableType,
  phasesOf,
} from './assessment.fields.js';
export type { AssessmentView } from './assessment.view.js';
export { Assessments, type FoundAssessment } from './assessments.js';
export { AssessmentsModule } from './assessments.module.js';
export { CreateAssessment } from './commands/create-assessment.js';
export { DeleteAssessment } from './commands/delete-assessment.js';
export { UpdateAssessment } from './commands/update-assessment.js';
export { GetAssessment } from './queries/get-assessment.js';
export { type AssessmentPage, ListAssessments } from './queries/list-assessments.js';

/** Every event of the room, for the catalogue. */
export const assessmentsEvents = assessmentEvents;
export const assessmentsProjections = [assessmentListProjection] as const;
