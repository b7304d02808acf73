import {
  all,
  anyOf,
  id,
  json,
  listOf,
  nothing,
  number,
  object,
  ok,
  okAnd,
  one,
  orNull,
  page,
  ref,
  session,
  text,
  time,
  yesOrNo,
} from './answers.js';
import type { Schema } from './field-schemas.js';
import { scoringOperations } from './scoring-operations.js';
import { webhookOperations } from './webhooks.js';

/** What the API's description says of a route beyond what its handler declares. */
export interface Operation {
  readonly summary: string;
  readonly description?: string;
  /** Credentials that a public route's handler asks for itself. */
  readonly asksFor?: readonly ('candidateKey' | 'sessionToken')[];
  /** By status: the answer's schema, or its media type when it is no JSON. */
  readonly answers: Readonly<Record<number, Schema | string>>;
}

const EVENT_STREAM = 'text/event-stream';
const IDEMPOTENT = 'Asking again changes nothing.';
const oneSession = one('session', 'Session');
const assessment = one('assessment', 'Assessment');
const codingAssessment = one('assessment', 'CodingAssessment');
const refusal = ref('Error') as Schema;
const quotaFields = { used: number, quota: number };

/** Every route, by method and template. The spec holds this table to the routes there are, in both directions. */
export const operations: Readonly<Record<string, Operation>> = {
  ...scoringOperations,
  'GET /api/sessions': { summary: 'List sessions, newest first', answers: { 200: page('sessions', 'Session') } },
  'GET /api/sessions/{sessionId}': { summary: 'Get a session', answers: { 200: oneSession } },
  'DELETE /api/sessions/{sessionId}': {
    summary: 'Delete a session for good',
    description: 'Its messages, events and scores are gone with it, in backups too. This cannot be undone.',
    answers: { 200: ok },
  },
  'PATCH /api/sessions/{sessionId}': {
    summary: "Change a session's due date, add minutes, or reopen it",
    answers: { 200: oneSession },
  },
  'POST /api/sessions/{sessionId}/cancel': { summary: 'Cancel a session', answers: { 200: oneSession } },
  'GET /api/sessions/{sessionId}/events': {
    summary: "List a session's events in their order",
    answers: { 200: page('events', 'Event') },
  },
  'POST /api/sessions/{sessionId}/events': {
    summary: 'Record activity, 1–500 events a call',
    description:
      'Accepted events are durable before the answer. A known id is a duplicate and changes nothing; a malformed item is rejected and the others go in.',
    answers: {
      200: object({
        accepted: listOf(id),
        duplicates: listOf(id),
        rejected: listOf(object({ index: number, id: orNull(text), code: text, message: text })),
        lastSeq: number,
      }),
    },
  },
  'GET /api/sessions/{sessionId}/stream': {
    summary: "Follow a session's events live",
    description: 'Server-Sent Events from `after` or `Last-Event-ID` on; `id:` is the seq.',
    answers: { 200: EVENT_STREAM },
  },
  'GET /api/sessions/{sessionId}/replay': {
    summary: 'Get a session as it stood at an event or a time',
    answers: { 200: object({ state: json, seq: number, at: time }) },
  },
  'GET /api/sessions/{sessionId}/export': {
    summary: "Take a session's whole record away",
    description: 'One event a line, facts of its life included.',
    answers: { 200: 'application/x-ndjson' },
  },
  'GET /api/candidate/session': {
    summary: "The candidate's session, task, timer and saved work",
    answers: {
      200: object({ session, assessment: json, timer: orNull(json), deliverableState: orNull(json), serverNow: time }),
    },
  },
  'POST /api/sessions/{sessionId}/open': {
    summary: 'Open a session: its setup time begins',
    description: IDEMPOTENT,
    answers: { 200: oneSession },
  },
  'POST /api/sessions/{sessionId}/start': {
    summary: 'Start the task: its clock begins',
    description: IDEMPOTENT,
    answers: { 200: oneSession },
  },
  'POST /api/sessions/{sessionId}/checkpoint': {
    summary: 'Save the work without leaving the phase',
    answers: { 200: ok },
  },
  'POST /api/sessions/{sessionId}/advance-phase': {
    summary: 'Save the work and go on to the next phase',
    answers: { 200: okAnd({ newPhaseIndex: number }) },
  },
  'POST /api/sessions/{sessionId}/submit': {
    summary: 'Submit the work',
    description: IDEMPOTENT,
    answers: { 200: okAnd({ session }) },
  },
  'POST /api/assessments/{assessmentId}/invite': {
    summary: 'Invite a candidate',
    description: 'An active session of the candidate is answered as it is (200); a new one is 201.',
    answers: {
      200: object({ session, inviteUrl: text, created: yesOrNo }),
      201: object({ session, inviteUrl: text, created: yesOrNo }),
    },
  },
  'GET /api/assessments': {
    summary: 'List assessments, newest first',
    answers: { 200: page('assessments', 'Assessment') },
  },
  'POST /api/assessments': { summary: 'Create an assessment', answers: { 201: assessment } },
  'POST /api/assessments/create': { summary: 'Create an assessment', answers: { 201: assessment } },
  'GET /api/assessments/{assessmentId}': { summary: 'Get an assessment', answers: { 200: assessment } },
  'PATCH /api/assessments/{assessmentId}': {
    summary: 'Change an assessment',
    description: 'Sessions that have begun keep what they began with, the due date excepted.',
    answers: { 200: assessment },
  },
  'DELETE /api/assessments/{assessmentId}': { summary: 'Delete an assessment', answers: { 200: ok } },
  'GET /api/candidates': {
    summary: 'List candidates, newest first',
    answers: { 200: page('candidates', 'Candidate') },
  },
  'PATCH /api/candidates/{candidateId}': {
    summary: "Change a candidate's name or e-mail",
    answers: { 200: one('candidate', 'Candidate') },
  },
  'DELETE /api/candidates/{candidateId}': { summary: 'Remove a candidate', answers: { 200: ok } },
  'GET /api/outbox': {
    summary: 'List what was or will be mailed',
    answers: { 200: page('messages', 'OutboxMessage') },
  },
  'GET /api/api-keys': { summary: 'List API keys', answers: { 200: all('apiKeys', 'ApiKey') } },
  'POST /api/api-keys': {
    summary: 'Issue an API key',
    description: 'The key itself is in this answer and never again.',
    answers: { 201: object({ apiKey: ref('ApiKey'), key: text }) },
  },
  'DELETE /api/api-keys/{keyId}': { summary: 'Revoke an API key, at once', answers: { 200: ok } },
  'GET /api/organization': { summary: 'Get your organization', answers: { 200: one('organization', 'Organization') } },
  'PATCH /api/organization': {
    summary: 'Change your organization',
    answers: { 200: one('organization', 'Organization') },
  },
  'POST /api/organizations': {
    summary: 'Create an organization and its owner key',
    answers: { 201: object({ organization: ref('Organization'), key: text }) },
  },
  'GET /api/projections': {
    summary: 'Tell how far the lists are that are made from the log',
    answers: { 200: all('projections', 'Projection') },
  },
  'POST /api/projections/rebuild': {
    summary: 'Build one list or all of them anew from the log',
    description:
      'Beside those that are read, which they replace when they have caught up. What is under way is not begun again.',
    answers: { 202: all('projections', 'Projection') },
  },
  'GET /v1/assessments': {
    summary: 'List assessments, oldest first',
    answers: { 200: all('assessments', 'CodingAssessment') },
  },
  'POST /v1/assessments': {
    summary: 'Create a coding assessment',
    description: "Without a taskBrief the task is the issue's. Counts in the month's quota.",
    answers: { 201: codingAssessment, 402: refusal, 403: object({ ...quotaFields, error: json }, 'used', 'quota') },
  },
  'GET /v1/assessments/{assessmentId}': {
    summary: 'Get a coding assessment',
    description: 'A candidate sees its own, and the task once its clock runs.',
    answers: { 200: codingAssessment },
  },
  'DELETE /v1/assessments/{assessmentId}': {
    summary: 'Delete an assessment and its candidate keys',
    answers: { 200: okAnd({ id }) },
  },
  'GET /v1/issues': {
    summary: 'List the issue library: your own, newest first, then the samples',
    answers: { 200: page('issues', 'Issue') },
  },
  'POST /v1/issues': { summary: 'Add an issue to the library', answers: { 201: one('issue', 'Issue') } },
  'GET /v1/issues/{issueId}': { summary: 'Get an issue', answers: { 200: one('issue', 'Issue') } },
  'GET /v1/rubrics': { summary: 'List rubrics, newest first', answers: { 200: page('rubrics', 'Rubric') } },
  'POST /v1/rubrics': {
    summary: 'Create a rubric',
    description: "The categories' points sum to totalPoints, or it is refused with weights_must_sum_to_100.",
    answers: { 201: one('rubric', 'Rubric') },
  },
  'GET /v1/rubrics/{rubricId}': { summary: 'Get a rubric', answers: { 200: one('rubric', 'Rubric') } },
  'GET /v1/assessments/{assessmentId}/cohort-stats': {
    summary: "Get the statistics of an assessment's submitted sessions",
    description:
      'Null when no session was submitted. With `sessionId` also the share of the other sessions that this one is strictly ahead of, by metric: null when it is not in the cohort or alone in it.',
    answers: { 200: object({ cohortStats: anyOf(ref('CohortStats'), nothing) }) },
  },
  'GET /v1/metrics': {
    summary: 'Get what each metric means',
    answers: { 200: object({ metricsVersion: number, metrics: listOf(ref('MetricDefinition')) }) },
  },
  'POST /v1/hooks/ingest': {
    summary: "Record one event of a coding tool, in the tool's own words",
    description:
      'A known id is answered 200 with skipped. session_end submits the session; session_start and checkpoint are answered and kept nowhere.',
    answers: { 200: okAnd({ id, skipped: { const: true } }), 201: okAnd({ id }) },
  },
  'POST /v1/candidate/complete': {
    summary: 'Submit the session',
    description: IDEMPOTENT,
    answers: { 200: okAnd({ completedAt: time }) },
  },
  'GET /v1/sessions': {
    summary: 'List sessions with their metrics, newest first',
    answers: { 200: page('sessions', 'RecordedSession') },
  },
  'GET /v1/sessions/{sessionId}': {
    summary: 'Get a session with its metrics',
    answers: { 200: one('session', 'RecordedSession') },
  },
  'GET /v1/sessions/{sessionId}/timeline': {
    summary: "Read a session's activity in its order",
    answers: { 200: object({ events: listOf(ref('Event')), hasMore: yesOrNo }) },
  },
  'DELETE /v1/sessions/{sessionId}': {
    summary: 'Delete a session for good',
    answers: { 200: okAnd({ id }) },
  },
  'POST /v1/assessments/{assessmentId}/keys': {
    summary: 'Issue candidate keys, all or none',
    description: 'With candidateEmails each candidate gets an invitation; mail that fails does not fail the call.',
    answers: { 201: all('keys', 'CandidateKey') },
  },
  'GET /v1/assessments/{assessmentId}/keys': {
    summary: "List an assessment's candidate keys, oldest first",
    answers: { 200: all('keys', 'CandidateKey') },
  },
  'DELETE /v1/assessments/{assessmentId}/keys/{keyId}': {
    summary: 'Revoke a candidate key, at once',
    answers: { 200: okAnd({ id }) },
  },
  'POST /v1/candidate/redeem': {
    summary: 'Redeem a candidate key: its session opens and starts',
    description:
      'The key stands in the body, in X-API-Key or as Bearer. Again: the same session. Unknown, revoked and expired keys are one answer.',
    asksFor: ['candidateKey'],
    answers: {
      401: refusal,
      200: object({
        sessionId: id,
        sessionToken: text,
        assessmentId: id,
        assessmentTitle: text,
        orgName: text,
        taskBrief: orNull(text),
        repoUrl: orNull(text),
        timeLimitMinutes: number,
        deadlineAt: orNull(time),
        expiresAt: time,
        serverNow: time,
      }),
    },
  },
  'GET /v1/candidates': {
    summary: 'List the candidate keys of all assessments, newest first',
    answers: { 200: page('candidates', 'KeyHolder') },
  },
  'GET /v1/events': {
    summary: "Read an organization's events in commit order",
    answers: { 200: object({ events: listOf(ref('FeedEvent')), hasMore: yesOrNo, nextCursor: text }) },
  },
  'GET /v1/events/stream': {
    summary: "Follow an organization's events live",
    description: 'Server-Sent Events; `id:` is the globalSeq. The reader keeps its own place.',
    answers: { 200: EVENT_STREAM },
  },
  'GET /s/{token}': {
    summary: 'The page an invite link leads to',
    description:
      'What, how long, by when, what is recorded, and a button that opens the session. Fetching it changes nothing.',
    answers: { 200: 'text/html', 404: 'text/html' },
  },
  'GET /health/live': { summary: 'The process lives', answers: { 200: object({ status: text }) } },
  'GET /health/ready': {
    summary: 'It can append and read',
    answers: {
      200: object({ status: text, storage: json, projections: listOf(json), policies: listOf(json) }),
      503: object({ status: text, storage: json, projections: listOf(json), policies: listOf(json) }),
    },
  },
  ...webhookOperations,
  'GET /metrics': { summary: 'Prometheus metrics, for callers on this machine', answers: { 200: 'text/plain' } },
};
