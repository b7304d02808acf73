/** What an assessment is made of; the bounds are the contract's, the defaults what callers get who say nothing. */

export const DELIVERABLE_TYPES = ['pptx', 'docx', 'xlsx', 'pdf', 'email', 'text', 'code', 'other'] as const;
export type DeliverableType = (typeof DELIVERABLE_TYPES)[number];

export const ASSESSMENT_BOUNDS = {
  nameLength: 255,
  textLength: 50_000,
  phases: 20,
  minutes: 1440,
  feedbackDelayHours: 8760,
  expiresInDays: 365,
  urlLength: 2048,
} as const;

export interface AssessmentPhase {
  readonly name: string;
  readonly brief: string | null;
  readonly timeMinutes: number;
}

/** Spelled as the products document them, in snake case also where everything around is camel case. */
export const PERMISSION_DEFAULTS = {
  can_browse_connector_documents: true,
  can_add_custom_connectors: false,
  can_add_skills: true,
  can_edit_agents_md: true,
  can_add_memory: true,
};
export type CandidatePermissions = { readonly [Name in keyof typeof PERMISSION_DEFAULTS]: boolean };

export type JsonRecord = Readonly<Record<string, unknown>>;

export interface AssessmentFields {
  readonly name: string;
  /** The role the candidate is assessed for. */
  readonly role: string | null;
  readonly taskPrompt: string | null;
  readonly deliverableType: DeliverableType | null;
  /** 0: there is no setup phase. */
  readonly setupTimeMinutes: number;
  /** Counts while there are no phases; phases have times of their own. */
  readonly taskTimeMinutes: number;
  readonly phases: readonly AssessmentPhase[] | null;
  readonly dueDate: string | null;
  readonly scoringRubric: JsonRecord | null;
  readonly candidatePermissions: CandidatePermissions;
  readonly connectorConfig: JsonRecord | null;
  readonly autoScore: boolean;
  readonly sendFeedback: boolean;
  readonly feedbackDelayHours: number;
  readonly isActive: boolean;
  /** Where the candidate's code starts from. */
  readonly repoUrl: string | null;
  /** The issue of the library that the task was taken from. */
  readonly issueId: string | null;
  readonly rubricId: string | null;
  /** How long candidate keys may be redeemed. */
  readonly expiresInDays: number;
}

export const FIELD_DEFAULTS: Omit<AssessmentFields, 'name'> = {
  role: null,
  taskPrompt: null,
  deliverableType: null,
  setupTimeMinutes: 10,
  taskTimeMinutes: 60,
  phases: null,
  dueDate: null,
  scoringRubric: null,
  candidatePermissions: PERMISSION_DEFAULTS,
  connectorConfig: null,
  autoScore: true,
  sendFeedback: false,
  feedbackDelayHours: 24,
  isActive: true,
  repoUrl: null,
  issueId: null,
  rubricId: null,
  expiresInDays: 7,
};

/** What a caller may send: what is left out has its default, or stays; permissions are given one by one. */
export type AssessmentWish = {
  readonly [Name in Exclude<keyof AssessmentFields, 'candidatePermissions' | 'phases'>]?:
    | AssessmentFields[Name]
    | undefined;
} & {
  readonly phases?: readonly (Omit<AssessmentPhase, 'brief'> & { readonly brief?: string | null })[] | null | undefined;
  readonly candidatePermissions?: { readonly [Name in keyof CandidatePermissions]?: boolean | undefined } | undefined;
};

/** Everybody works in phases: without any, the task is the only one. */
export const phasesOf = ({
  name,
  phases,
  taskPrompt,
  taskTimeMinutes,
}: Pick<AssessmentFields, 'name' | 'phases' | 'taskPrompt' | 'taskTimeMinutes'>): readonly AssessmentPhase[] =>
  phases ?? [{ name, brief: taskPrompt, timeMinutes: taskTimeMinutes }];
