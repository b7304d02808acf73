/** What a caller can do something about, by code: HTTP status and the error body's `type` (contract §1.7). */
export const ERROR_CATALOGUE = {
  invalid_request: [400, 'invalid_request'],
  invalid_parameter: [400, 'invalid_request'],
  missing_parameter: [400, 'invalid_request'],
  invalid_json: [400, 'invalid_request'],
  invalid_cursor: [400, 'invalid_request'],
  task_brief_required: [400, 'invalid_request'],
  length_mismatch: [400, 'invalid_request'],
  duplicate_email: [400, 'invalid_request'],
  weights_must_sum_to_100: [400, 'invalid_request'],
  due_date_in_past: [400, 'invalid_request'],
  invalid_url: [400, 'invalid_request'],
  unauthenticated: [401, 'authentication'],
  invalid_api_key: [401, 'authentication'],
  key_expired: [401, 'authentication'],
  key_revoked: [401, 'authentication'],
  invalid_key: [401, 'authentication'],
  session_token_invalid: [401, 'authentication'],
  session_token_required: [401, 'authentication'],
  subscription_inactive: [402, 'permission'],
  trial_expired: [402, 'permission'],
  insufficient_scope: [403, 'permission'],
  quota_exceeded: [403, 'permission'],
  not_found: [404, 'not_found'],
  method_not_allowed: [405, 'invalid_request'],
  invalid_status_transition: [409, 'conflict'],
  phase_conflict: [409, 'conflict'],
  no_next_phase: [409, 'conflict'],
  session_closed: [409, 'conflict'],
  session_event_limit: [409, 'conflict'],
  idempotency_key_reuse: [409, 'conflict'],
  idempotency_key_in_use: [409, 'conflict'],
  assessment_inactive: [409, 'conflict'],
  email_in_use: [409, 'conflict'],
  last_owner_key: [409, 'conflict'],
  webhook_limit: [409, 'conflict'],
  delivery_pending: [409, 'conflict'],
  due_date_passed: [410, 'conflict'],
  payload_too_large: [413, 'invalid_request'],
  uri_too_long: [414, 'invalid_request'],
  unsupported_media_type: [415, 'invalid_request'],
  evidence_not_found: [422, 'invalid_request'],
  score_out_of_range: [422, 'invalid_request'],
  rate_limited: [429, 'rate_limit'],
  internal_error: [500, 'server'],
  busy: [503, 'server'],
  projection_lagging: [503, 'server'],
  projection_stopped: [503, 'server'],
  storage_unavailable: [503, 'server'],
} as const satisfies Record<string, readonly [number, string]>;

export type ErrorCode = keyof typeof ERROR_CATALOGUE;

export interface ErrorExtras {
  /** The field or parameter at fault, as the caller spelled it: `candidateEmails[2]`. */
  readonly param?: string;
  /** JSON-safe facts: what is allowed, what was found. */
  readonly details?: Readonly<Record<string, unknown>>;
  /** Seconds a caller should wait before asking again. */
  readonly retryAfter?: number;
  readonly cause?: unknown;
}

/** The error every layer throws when a caller can do something about it; checked by `code`, never by class name or text. */
export class VerbatimError extends Error {
  readonly param?: string;
  readonly details?: Readonly<Record<string, unknown>>;
  readonly retryAfter?: number;

  constructor(
    readonly code: ErrorCode,
    message: string,
    extras: ErrorExtras = {},
  ) {
    super(message, extras.cause === undefined ? undefined : { cause: extras.cause });
    this.name = 'VerbatimError';
    if (extras.param !== undefined) this.param = extras.param;
    if (extras.details !== undefined) this.details = extras.details;
    if (extras.retryAfter !== undefined) this.retryAfter = extras.retryAfter;
  }

  get status(): number {
    return ERROR_CATALOGUE[this.code][0];
  }

  get type(): string {
    return ERROR_CATALOGUE[this.code][1];
  }
}

export const isVerbatimError = (error: unknown, ...codes: ErrorCode[]): error is VerbatimError =>
  error instanceof VerbatimError && (codes.length === 0 || codes.includes(error.code));

/** Absent, deleted, erased, another organization's: one answer for all (D22). */
export const notFound = (what: string): VerbatimError => new VerbatimError('not_found', `No such ${what}.`);
