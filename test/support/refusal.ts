import { expect } from '@jest/globals';
import type { Answer } from './caller.js';

/** What no caller may ever read: file paths, stack frames, SQL, classes, what the process is made of. */
const INTERNAL =
  /node_modules|file:\/\/|\/dist\/|\.[jt]s:\d|\n\s+at |SQLITE|sqlite|INSERT INTO|SELECT |TypeError|RangeError/;

const TYPES: Readonly<Record<number, string>> = {
  400: 'invalid_request',
  401: 'authentication',
  402: 'permission',
  403: 'permission',
  404: 'not_found',
  405: 'invalid_request',
  409: 'conflict',
  410: 'conflict',
  413: 'invalid_request',
  414: 'invalid_request',
  415: 'invalid_request',
  422: 'invalid_request',
  429: 'rate_limit',
};

/** Status, code and param of a refusal, after its form was held against the contract's (§1.7). */
// biome-ignore lint/suspicious/noExplicitAny: bodies of any shape
export function refusalOf(answer: Answer<any>): [number, string, ...string[]] {
  const { status, headers, body } = answer;
  expect(INTERNAL.test(JSON.stringify(body))).toBe(false);
  expect(headers.get('content-type')).toBe('application/json; charset=utf-8');
  expect(body).toEqual({ error: expect.any(Object) });
  const { type, code, message, param, details, requestId, ...rest } = body.error;
  expect({ status, type }).toEqual({ status, type: TYPES[status] });
  expect(message).toMatch(/\S/);
  expect(requestId).toBe(headers.get('x-request-id'));
  expect(rest).toEqual({});
  if (details !== undefined) expect(details).toEqual(expect.any(Object));
  expect(headers.get('www-authenticate')).toBe(status === 401 ? 'Bearer' : null);
  return param === undefined ? [status, code] : [status, code, param];
}
