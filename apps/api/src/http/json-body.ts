import { isUtf8 } from 'node:buffer';
import type { FastifyRequest } from 'fastify';
import { VerbatimError } from '#platform';

const DEEPEST = 100;
/** Keys that reach for prototypes when objects are merged or walked carelessly, here or in a reader further on. */
const FORBIDDEN = new Set(['__proto__', 'constructor', 'prototype']);

/** A JSON body: an empty one counts as `{}`; text in event data is kept exactly, so bytes that are no UTF-8 are refused. */
export function readJsonBody(request: FastifyRequest, body: Buffer): unknown {
  const encoding = request.headers['content-encoding'];
  if (encoding !== undefined && encoding !== 'identity')
    throw new VerbatimError('unsupported_media_type', 'Send the body without Content-Encoding.');
  if (body.length === 0) return {};
  if (!isUtf8(body)) throw new VerbatimError('invalid_json', 'The body is not UTF-8.');
  const value = parse(body.toString('utf8').replace(/^\ufeff/, ''));
  refuseTraps(value, 1);
  return value;
}

function parse(text: string): unknown {
  if (text.trim() === '') return {};
  try {
    return JSON.parse(text) as unknown;
  } catch {
    // The parser's own message quotes the text around the mistake, which may be a secret.
    throw new VerbatimError('invalid_json', 'The body is not valid JSON.');
  }
}

function refuseTraps(value: unknown, depth: number): void {
  if (typeof value !== 'object' || value === null) return;
  if (depth > DEEPEST) throw new VerbatimError('invalid_json', `The body is nested deeper than ${DEEPEST} levels.`);
  if (Array.isArray(value)) {
    for (const item of value) refuseTraps(item, depth + 1);
    return;
  }
  for (const key of Object.keys(value)) {
    if (FORBIDDEN.has(key))
      throw new VerbatimError('invalid_json', `The key '${key}' is not accepted anywhere in a body.`);
    refuseTraps((value as Record<string, unknown>)[key], depth + 1);
  }
}
