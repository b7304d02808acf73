import type { Schema } from './field-schemas.js';

/** The shapes of answers. Further fields may come; those named here stay. */

const text = { type: 'string' };
const id = { type: 'string', maxLength: 128 };
const time = { type: 'string', format: 'date-time' };
const number = { type: 'integer' };
const decimal = { type: 'number', minimum: 0 };
const share = { type: 'number', minimum: 0, maximum: 1 };
const yesOrNo = { type: 'boolean' };
const json = { type: 'object' };
const orNull = (schema: { type: string }) => ({ ...schema, type: [schema.type, 'null'] });
const nothing = { type: 'null' };
const anyOf = (...schemas: object[]) => ({ anyOf: schemas });
const word = (...words: string[]) => ({ type: 'string', enum: words });
const listOf = (items: object) => ({ type: 'array', items });
const ref = (name: string) => ({ $ref: `#/components/schemas/${name}` });
export const object = (properties: Record<string, object>, ...optional: string[]): Schema =>
  ({
    type: 'object',
    properties,
    required: Object.keys(properties).filter((name) => !optional.includes(name)),
  }) as Schema;

const STATUSES = ['invited', 'setup', 'in_progress', 'submitted', 'scoring', 'scored', 'reviewed'];

/** V6's key; V9 shows it with the assessment it opens. */
const candidateKey = {
  id,
  key: orNull(text),
  status: word('pending', 'active', 'completed', 'hired', 'expired'),
  candidateEmail: orNull(text),
  candidateName: orNull(text),
  sessionId: orNull(id),
  expiresAt: time,
  redeemedAt: orNull(time),
  completedAt: orNull(time),
};

export const schemas: Readonly<Record<string, Schema>> = {
  Session: object({
    id,
    assessmentId: id,
    candidateId: id,
    attempt: number,
    token: orNull(text),
    status: word(...STATUSES),
    setupStartedAt: orNull(time),
    taskStartedAt: orNull(time),
    submittedAt: orNull(time),
    submittedBy: orNull(text),
    dueDate: orNull(time),
    effectiveDueDate: orNull(time),
    closedReason: orNull(text),
    accessExpired: yesOrNo,
    createdAt: time,
    candidateName: orNull(text),
    candidateEmail: orNull(text),
    assessmentName: orNull(text),
  }),
  Assessment: object({
    id,
    orgId: id,
    name: text,
    role: orNull(text),
    taskPrompt: orNull(text),
    deliverableType: orNull(text),
    setupTimeMinutes: number,
    taskTimeMinutes: number,
    dueDate: orNull(time),
    isActive: yesOrNo,
    repoUrl: orNull(text),
    issueId: orNull(id),
    rubricId: orNull(id),
    rubricVersion: number,
    expiresInDays: number,
    version: number,
    createdAt: time,
    updatedAt: time,
  }),
  CodingAssessment: object(
    {
      id,
      title: text,
      role: orNull(text),
      taskBrief: orNull(text),
      repoUrl: orNull(text),
      issueId: orNull(id),
      issue: { oneOf: [ref('Issue'), { type: 'null' }] },
      timeLimitMinutes: number,
      expiresInDays: number,
      rubricId: orNull(id),
      createdAt: time,
    },
    'rubricId',
  ),
  RecordedSession: object({
    id,
    assessmentId: id,
    candidateName: orNull(text),
    candidateEmail: orNull(text),
    startedAt: orNull(time),
    endedAt: orNull(time),
    lastActivityAt: orNull(time),
    eventCount: number,
    metrics: orNull(json),
  }),
  Issue: object({
    id,
    title: text,
    repoUrl: orNull(text),
    url: orNull(text),
    body: orNull(text),
    language: orNull(text),
    difficulty: orNull(text),
    taskBrief: orNull(text),
    estimatedMinutes: orNull(number),
  }),
  Rubric: object({ id, name: text, totalPoints: { type: 'number' }, categories: listOf(json) }),
  Candidate: object({ id, orgId: id, email: text, name: text, externalId: orNull(text), createdAt: time }),
  ApiKey: object({
    id,
    orgId: id,
    name: text,
    role: text,
    keyPrefix: text,
    pii: yesOrNo,
    expiresAt: orNull(time),
    lastUsedAt: orNull(time),
    createdBy: text,
    createdAt: time,
    isActive: yesOrNo,
  }),
  CohortStats: object(
    {
      sessionCount: number,
      metrics: object({
        avgDurationMs: orNull(number),
        avgPromptCount: orNull(decimal),
        avgCommandFailRate: orNull(decimal),
        avgVerifyIntensity: orNull(decimal),
        avgManualEditRatio: orNull(decimal),
        avgFirstChangeLatencyMs: orNull(number),
        testPassRate: orNull(number),
      }),
      percentiles: anyOf(
        object({
          durationMs: orNull(share),
          promptCount: orNull(share),
          commandFailRate: orNull(share),
          verifyIntensity: orNull(share),
          manualEditRatio: orNull(share),
          firstChangeLatencyMs: orNull(share),
        }),
        nothing,
      ),
    },
    'percentiles',
  ),
  MetricDefinition: object({
    name: text,
    cohortName: text,
    formula: text,
    unit: word('milliseconds', 'count', 'ratio', 'percent'),
    range: object({ min: number, max: orNull(number) }),
    nullRule: text,
    direction: anyOf(word('higher', 'lower'), nothing),
  }),
  Organization: object({
    id,
    name: text,
    subscription: text,
    monthlyAssessmentQuota: orNull(number),
    createdAt: time,
  }),
  CandidateKey: object(candidateKey),
  KeyHolder: object({
    ...candidateKey,
    assessmentId: id,
    assessmentTitle: text,
  }),
  Event: object(
    {
      id,
      sessionId: id,
      seq: number,
      globalSeq: text,
      type: text,
      phase: orNull(text),
      phaseIndex: orNull(number),
      timestampMs: number,
      createdAt: time,
      via: text,
      data: json,
      late: yesOrNo,
    },
    'late',
    'globalSeq',
  ),
  /** Of a session it has the fields of an Event as well. */
  FeedEvent: object(
    {
      kind: word('session', 'assessment', 'candidate', 'organization'),
      subjectId: id,
      id,
      seq: number,
      globalSeq: text,
      type: text,
      v: number,
      createdAt: time,
      via: text,
      data: json,
      sessionId: id,
      phase: orNull(text),
      phaseIndex: orNull(number),
      timestampMs: number,
      late: yesOrNo,
      masked: yesOrNo,
    },
    'sessionId',
    'phase',
    'phaseIndex',
    'timestampMs',
    'late',
    'masked',
  ),
  OutboxMessage: object({
    id,
    kind: text,
    state: word('pending', 'sent', 'kept', 'failed'),
    sessionId: id,
    to: orNull(text),
    subject: orNull(text),
    inviteUrl: orNull(text),
    attempts: number,
    lastError: orNull(text),
    createdAt: time,
    sentAt: orNull(time),
  }),
  Projection: object({
    name: text,
    version: number,
    build: number,
    state: word('building', 'live', 'stopped'),
    reason: orNull(text),
    behind: number,
    quarantinedStreams: number,
  }),
  Error: object({
    error: object(
      {
        type: word('invalid_request', 'authentication', 'permission', 'not_found', 'conflict', 'rate_limit', 'server'),
        code: text,
        message: text,
        param: text,
        details: json,
        requestId: text,
      },
      'param',
      'details',
    ),
  }),
};

export const one = (name: string, schema: string): Schema => object({ [name]: ref(schema) });
export const all = (name: string, schema: string): Schema => object({ [name]: listOf(ref(schema)) });
export const page = (name: string, schema: string): Schema =>
  object(
    {
      [name]: listOf(ref(schema)),
      total: number,
      limit: number,
      offset: number,
      hasMore: yesOrNo,
      nextCursor: { description: 'Opaque: give it as `after`. Null on the last page.' },
    },
    'hasMore',
    'nextCursor',
  );
export const ok: Schema = object({ ok: { const: true } });
export const okAnd = (more: Record<string, object>): Schema => object({ ok: { const: true }, ...more });
export const session = ref('Session');
export { anyOf, id, json, listOf, nothing, number, orNull, ref, text, time, word, yesOrNo };
