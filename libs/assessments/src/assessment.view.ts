import type { AssessmentState } from './assessment.decider.js';
import type { AssessmentFields } from './assessment.fields.js';

/** An assessment as callers see it. */
export interface AssessmentView extends AssessmentFields {
  readonly id: string;
  readonly orgId: string;
  /** Grows with every change, from 1. */
  readonly version: number;
  /** Grows whenever it is given another rubric, from 1. */
  readonly rubricVersion: number;
  readonly createdAt: string;
  readonly updatedAt: string;
}

export const assessmentView = (
  orgId: string,
  id: string,
  { status: _, createdAt, updatedAt, ...fields }: AssessmentState,
  revision: number,
): AssessmentView => ({ id, orgId, ...fields, version: revision + 1, createdAt, updatedAt });
