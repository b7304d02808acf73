import { type AssessmentView, type IssueView, phasesOf } from '#assessments';

/** V1–V3: an assessment as the coding product spells it. */
export interface AssessmentDocument {
  readonly id: string;
  readonly title: string;
  readonly role: string | null;
  /** Null where the assessment has none; a candidate reads it once its clock runs. */
  readonly taskBrief: string | null;
  readonly repoUrl: string | null;
  readonly issueId: string | null;
  readonly issue: IssueView | null;
  /** Of all phases together. */
  readonly timeLimitMinutes: number;
  readonly expiresInDays: number;
  /** Not for candidates. */
  readonly rubricId?: string | null;
  readonly createdAt: string;
}

export const assessmentDocument = (view: AssessmentView, issue: IssueView | undefined): AssessmentDocument => ({
  id: view.id,
  title: view.name,
  role: view.role,
  taskBrief: view.taskPrompt,
  repoUrl: view.repoUrl,
  issueId: view.issueId,
  issue: issue ?? null,
  timeLimitMinutes: phasesOf(view).reduce((sum, { timeMinutes }) => sum + timeMinutes, 0),
  expiresInDays: view.expiresInDays,
  rubricId: view.rubricId,
  createdAt: view.createdAt,
});

/** D23. The issue says what the task is, so it opens with the task. */
export const candidatesDocument = (whole: AssessmentDocument, taskOpen: boolean): AssessmentDocument => {
  const { rubricId: _, ...shown } = whole;
  return taskOpen ? shown : { ...shown, taskBrief: null, issue: null };
};
