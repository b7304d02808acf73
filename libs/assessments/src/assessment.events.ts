import { defineEvent, type EventOf, type StructureKind } from '#event-sourcing';
import type { AssessmentFields } from './assessment.fields.js';

/** Nothing of an assessment is about a person: all of it stands open. */
const OPEN_FIELDS = {
  name: 'open',
  role: 'open',
  taskPrompt: 'open',
  deliverableType: 'word',
  setupTimeMinutes: 'number',
  taskTimeMinutes: 'number',
  phases: 'open',
  scoringRubric: 'open',
  candidatePermissions: 'open',
  connectorConfig: 'open',
  autoScore: 'boolean',
  sendFeedback: 'boolean',
  feedbackDelayHours: 'number',
  isActive: 'boolean',
  repoUrl: 'open',
  issueId: 'id',
  rubricId: 'id',
  expiresInDays: 'number',
} as const satisfies Record<Exclude<keyof AssessmentFields, 'dueDate'>, StructureKind>;

export const assessmentCreated = defineEvent<AssessmentFields>()({
  type: 'assessment_created',
  version: 1,
  layer: 'record',
  meaning: 'An assessment exists from here on, with all its fields.',
  structure: { ...OPEN_FIELDS, dueDate: 'time' },
});

export const assessmentRevised = defineEvent<Partial<Omit<AssessmentFields, 'dueDate'>>>()({
  type: 'assessment_revised',
  version: 1,
  layer: 'record',
  meaning: 'The fields named have another value. Sessions that passed setup keep what they had.',
  structure: OPEN_FIELDS,
});

export const assessmentDueDateChanged = defineEvent<{ dueDate: string | null }>()({
  type: 'assessment_due_date_changed',
  version: 1,
  layer: 'record',
  meaning: 'Work is due by another time, or (null) by none; unlike a revision it reaches running sessions.',
  structure: { dueDate: 'time' },
});

export const assessmentDeleted = defineEvent<Record<string, never>>()({
  type: 'assessment_deleted',
  version: 1,
  layer: 'record',
  meaning: 'Nobody finds it any more, and its running sessions are cancelled. What was submitted stays auditable.',
  structure: {},
});

export const assessmentEvents = [
  assessmentCreated,
  assessmentRevised,
  assessmentDueDateChanged,
  assessmentDeleted,
] as const;

export type AssessmentEvent = EventOf<typeof assessmentEvents>;
