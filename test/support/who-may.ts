/** Everybody who may knock. */
export const CALLERS = [
  'owner',
  'admin',
  'reviewer',
  'auditor',
  'auditor with pii',
  'scorer',
  'runtime',
  'candidate',
  'operator',
  'nobody',
] as const;
export type CallerKind = (typeof CALLERS)[number];

export const ADMINS: readonly CallerKind[] = ['owner', 'admin'];
export const HUMANS: readonly CallerKind[] = [...ADMINS, 'reviewer'];
const READERS: readonly CallerKind[] = [...HUMANS, 'auditor', 'auditor with pii'];
export const ALL_READERS: readonly CallerKind[] = [...READERS, 'scorer'];
export const OWN: readonly CallerKind[] = ['candidate'];
const OPERATORS: readonly CallerKind[] = ['operator'];

/** Contract §1.9, route by route: who may. Everybody else is refused, before anything of the request is looked at. */
export const MAY: Readonly<Record<string, readonly CallerKind[]>> = {
  'GET /api/organization': ADMINS,
  'PATCH /api/organization': ADMINS,
  'GET /api/outbox': ADMINS,
  'POST /api/organizations': OPERATORS,
  'GET /api/api-keys': ADMINS,
  'POST /api/api-keys': ADMINS,
  'DELETE /api/api-keys/{keyId}': ADMINS,
  'GET /api/assessments': READERS,
  'POST /api/assessments': ADMINS,
  'POST /api/assessments/create': ADMINS,
  'GET /api/assessments/{assessmentId}': READERS,
  'PATCH /api/assessments/{assessmentId}': ADMINS,
  'DELETE /api/assessments/{assessmentId}': ADMINS,
  'POST /api/assessments/{assessmentId}/invite': ADMINS,
  'GET /api/candidates': ADMINS,
  'PATCH /api/candidates/{candidateId}': ADMINS,
  'DELETE /api/candidates/{candidateId}': ADMINS,
  'GET /api/sessions': ALL_READERS,
  'GET /api/sessions/{sessionId}': [...ALL_READERS, ...OWN],
  'PATCH /api/sessions/{sessionId}': HUMANS,
  'DELETE /api/sessions/{sessionId}': ADMINS,
  'POST /api/sessions/{sessionId}/cancel': HUMANS,
  'GET /api/sessions/{sessionId}/events': [...ALL_READERS, ...OWN],
  'POST /api/sessions/{sessionId}/events': ['runtime', ...OWN],
  'GET /api/sessions/{sessionId}/stream': READERS,
  'GET /api/sessions/{sessionId}/replay': READERS,
  'GET /api/sessions/{sessionId}/export': [...ADMINS, 'auditor', 'auditor with pii'],
  'POST /api/scoring': [...HUMANS, 'scorer'],
  'GET /api/scoring/parked': HUMANS,
  'POST /api/scoring/parked/{sessionId}/replay': HUMANS,
  'GET /api/scoring/agreement': READERS,
  'GET /api/sessions/{sessionId}/score': READERS,
  'GET /api/sessions/{sessionId}/scores': READERS,
  'POST /api/sessions/{sessionId}/scores': [...ADMINS, 'scorer'],
  'GET /api/sessions/{sessionId}/submission': ALL_READERS,
  'POST /api/sessions/{sessionId}/review': HUMANS,
  'POST /v1/assessments': ADMINS,
  'GET /v1/assessments': READERS,
  'GET /v1/assessments/{assessmentId}': [...READERS, ...OWN],
  'DELETE /v1/assessments/{assessmentId}': ADMINS,
  'POST /v1/assessments/{assessmentId}/keys': ADMINS,
  'GET /v1/assessments/{assessmentId}/keys': READERS,
  'DELETE /v1/assessments/{assessmentId}/keys/{keyId}': ADMINS,
  'GET /v1/candidates': READERS,
  'GET /v1/issues': READERS,
  'GET /v1/issues/{issueId}': READERS,
  'POST /v1/issues': ADMINS,
  'GET /v1/rubrics': READERS,
  'GET /v1/rubrics/{rubricId}': READERS,
  'POST /v1/rubrics': ADMINS,
  'GET /v1/assessments/{assessmentId}/cohort-stats': READERS,
  'GET /v1/metrics': READERS,
  'POST /v1/hooks/ingest': OWN,
  'POST /v1/candidate/complete': OWN,
  'GET /v1/sessions': READERS,
  'GET /v1/sessions/{sessionId}': READERS,
  'GET /v1/sessions/{sessionId}/timeline': READERS,
  'DELETE /v1/sessions/{sessionId}': ADMINS,
  'GET /v1/events': ALL_READERS,
  'GET /v1/events/stream': ALL_READERS,
  'GET /api/candidate/session': OWN,
  'GET /api/candidate/feedback': OWN,
  'POST /api/sessions/{sessionId}/open': OWN,
  'POST /api/sessions/{sessionId}/start': OWN,
  'POST /api/sessions/{sessionId}/checkpoint': OWN,
  'POST /api/sessions/{sessionId}/advance-phase': OWN,
  'POST /api/sessions/{sessionId}/submit': OWN,
};

/** For everybody; what `/s/<token>` shows hangs on the token in it. */
export const PUBLIC = [
  'GET /health/live',
  'GET /health/ready',
  'GET /metrics',
  'GET /s/{token}',
  // Asks for its key itself, since that may stand in the body.
  'POST /v1/candidate/redeem',
];
