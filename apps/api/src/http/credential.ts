import type { FastifyRequest } from 'fastify';
import { VerbatimError } from '#platform';

const HEADERS = new Set(['authorization', 'x-api-key']);

/**
 * The credential of a request, as text. Two in one request are an error rather than a guess (D38); Node keeps the first
 * of two `Authorization` headers and drops the other, so the raw ones are counted.
 */
export function credentialOf(request: FastifyRequest): string | undefined {
  const { rawHeaders } = request.raw;
  let given = 0;
  for (let at = 0; at < rawHeaders.length; at += 2)
    if (HEADERS.has(rawHeaders[at]?.toLowerCase() ?? '') && rawHeaders[at + 1] !== '') given += 1;
  if (given === 0) return undefined;
  if (given > 1) throw new VerbatimError('invalid_request', 'Send one credential, not two.');
  const { authorization } = request.headers;
  const key = request.headers['x-api-key'];
  // Candidates' keys alone come this way; others are sent as Bearer.
  if (!authorization && typeof key === 'string' && !/^(gai_|vst_)/.test(key) && key.length <= 1024)
    return `PST-${key.trim().replace(/^pst-/i, '')}`;
  if (!authorization)
    throw new VerbatimError('unauthenticated', 'Send keys and session tokens as Authorization: Bearer <key>.');
  const bearer = /^Bearer +(\S.*)$/i.exec(authorization)?.[1]?.trim();
  if (!bearer || bearer.length > 1024) throw malformed();
  if (/[\s,]/.test(bearer))
    throw /\b(gai_|vst_|PST-)\S*[\s,]+(Bearer\s+)?(gai_|vst_|PST-)/i.test(bearer)
      ? new VerbatimError('invalid_request', 'Send one credential, not two.')
      : malformed();
  return bearer;
}

const malformed = (): VerbatimError =>
  new VerbatimError('unauthenticated', 'The Authorization header must be: Bearer <key or session token>.');
