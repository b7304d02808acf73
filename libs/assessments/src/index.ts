import { assessmentEvents } from './assessment.events.js';
import { issueEvents } from './issues/issue.events.js';
import { issueListProjection } from './issues/issue-list.projection.js';
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
export { AddIssue } from './commands/add-issue.js';
export { CreateAssessment } from './commands/create-assessment.js';
export { type CodingWish, CreateCodingAssessment } from './commands/create-coding-assessment.js';
export { DeleteAssessment } from './commands/delete-assessment.js';
export { UpdateAssessment } from './commands/update-assessment.js';
export type { IssueWish } from './issues/issue.aggregate.js';
export { IssueLibrary, type IssuesPage, type IssueView } from './issues/issue-library.js';
export { GetAssessment } from './queries/get-assessment.js';
export { ListAllAssessments } from './queries/list-all-assessments.js';
export { type AssessmentPage, ListAssessments } from './queries/list-assessments.js';

/** Every event of the room, for the catalogue. */
export const assessmentsEvents = [...assessmentEvents, ...issueEvents] as const;
export const assessmentsProjections = [assessmentListProjection, issueListProjection] as const;
