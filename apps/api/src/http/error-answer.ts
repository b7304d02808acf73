import { HttpException } from '@nestjs/common';
import { isEventStoreError } from '#event-store';
import { type ErrorCode, isVerbatimError, VerbatimError } from '#platform';
import { ReadStoreError } from '#read-store';

export interface ErrorAnswer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: object;
}

/** Every error a caller sees has this shape (contract §1.7), wherever it was thrown. */
export function answerTo(error: VerbatimError, requestId: string): ErrorAnswer {
  const { code, type, message, param, details, status } = error;
  const headers: Record<string, string> = {};
  const retryAfter = error.retryAfter ?? (status === 503 ? 1 : undefined);
  if (retryAfter !== undefined) headers['retry-after'] = String(Math.max(1, Math.ceil(retryAfter)));
  if (status === 401) headers['www-authenticate'] = 'Bearer';
  const body = { error: { type, code, message, ...(param && { param }), ...(details && { details }), requestId } };
  // D21: scripts written for the reference read these two at the top.
  const quota = code === 'quota_exceeded' ? { used: details?.['used'], quota: details?.['quota'] } : {};
  return { status, headers, body: { ...body, ...quota } };
}

/** What went wrong, in the catalogue's words. Undefined: nothing a caller can do something about, a 500. */
export function knownError(error: unknown): VerbatimError | undefined {
  if (typeof error !== 'object' || error === null) return undefined;
  if (isVerbatimError(error)) return error;
  if (isEventStoreError(error)) return fromEventStore(error.code);
  if (error instanceof ReadStoreError && (error.code === 'unavailable' || error.code === 'corrupt'))
    return new VerbatimError('storage_unavailable', 'The read models cannot be read at the moment.', { retryAfter: 5 });
  if (error instanceof HttpException) return fromStatus(error.getStatus());
  if (isStorageTrouble(error))
    return new VerbatimError('storage_unavailable', 'The storage cannot be written or read at the moment.', {
      retryAfter: 5,
    });
  const { code, statusCode } = error as { code?: unknown; statusCode?: unknown };
  return typeof statusCode === 'number' ? fromFramework(String(code), statusCode) : undefined;
}

export const internalError = (): VerbatimError =>
  new VerbatimError('internal_error', 'Something went wrong on our side. The request id finds it in the log.');

function fromEventStore(code: string): VerbatimError | undefined {
  switch (code) {
    case 'unavailable':
    case 'unknown_outcome':
    case 'corrupt':
      return new VerbatimError('storage_unavailable', 'The event log cannot be written or read at the moment.', {
        retryAfter: 5,
      });
    case 'wrong_expected_revision':
      return new VerbatimError('busy', 'Others are writing to this at the same time. Try again.', { retryAfter: 1 });
    case 'stream_deleted':
      return new VerbatimError('not_found', 'No such object.');
    case 'append_too_large':
      return new VerbatimError('payload_too_large', 'This is too large to be recorded at once.');
    default:
      return undefined;
  }
}

/** SQLite's result codes for a full disk, failing I/O, a file that cannot be opened and a lock held too long. */
const TROUBLE = new Set([5, 10, 13, 14]);

function isStorageTrouble(error: object): boolean {
  const { code, errcode } = error as { code?: unknown; errcode?: unknown };
  if (typeof errcode === 'number') return TROUBLE.has(errcode & 0xff);
  return typeof code === 'string' && ['ENOSPC', 'EDQUOT', 'EROFS', 'EIO'].includes(code);
}

const FRAMEWORK: Readonly<Record<string, readonly [ErrorCode, string]>> = {
  FST_ERR_CTP_BODY_TOO_LARGE: ['payload_too_large', 'The body is larger than this route accepts.'],
  FST_ERR_CTP_INVALID_MEDIA_TYPE: ['unsupported_media_type', 'Send JSON with Content-Type: application/json.'],
  FST_ERR_CTP_INVALID_CONTENT_LENGTH: ['invalid_request', 'The body is not as long as Content-Length says.'],
  FST_ERR_BAD_URL: ['invalid_request', 'The path is not a valid URL path.'],
  FST_ERR_MAX_PARAM_LENGTH: ['uri_too_long', 'A part of the path is too long.'],
};

const fromFramework = (code: string, status: number): VerbatimError | undefined => {
  const known = FRAMEWORK[code];
  return known ? new VerbatimError(...known) : fromStatus(status);
};

const BY_STATUS: Readonly<Record<number, readonly [ErrorCode, string]>> = {
  401: ['unauthenticated', 'This needs a credential: Authorization: Bearer <key or session token>.'],
  403: ['insufficient_scope', 'This credential may not do that.'],
  404: ['not_found', 'There is nothing at this address. The API is described at /docs.'],
  405: ['method_not_allowed', 'This address does not take that method.'],
  413: ['payload_too_large', 'The body is larger than this route accepts.'],
  414: ['uri_too_long', 'The address is too long.'],
  415: ['unsupported_media_type', 'Send JSON with Content-Type: application/json.'],
  429: ['rate_limited', 'Too many requests.'],
  503: ['busy', 'The server is busy or stopping. Try again.'],
};

function fromStatus(status: number): VerbatimError | undefined {
  const known = BY_STATUS[status];
  if (known) return new VerbatimError(...known);
  return status >= 400 && status < 500 ? new VerbatimError('invalid_request', 'The request is not valid.') : undefined;
}
