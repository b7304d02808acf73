import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { ERROR_CATALOGUE } from '#platform';
import { type AtDesk, SessionDesk } from '../sessions/testing/session-desk.js';
import type { TestAnswer } from '../testing/test-api.js';
import { operations } from './operations.js';

type Method = 'GET' | 'POST' | 'PATCH' | 'DELETE';

const ROUTES = Object.keys(operations)
  .filter((key) => !/stream$|^GET \/(health|metrics|s\/)/.test(key))
  .map((key) => key.split(' ') as [Method, string]);

/** Of every kind of value a field may be sent as; a route reads the fields it knows from them. */
const VALUES: readonly unknown[] = [
  null,
  true,
  -1,
  1e308,
  0.5,
  '',
  'x'.repeat(70_000),
  'nul\0',
  '\ud800',
  '2026-02-31T00:00:00Z',
  '+275760-09-13T00:00:00.001Z',
  [],
  [[]],
  [null],
  [{}],
  {},
  { minutes: '1', reason: {} },
];
const FIELDS = [
  'name',
  'email',
  'role',
  'dueDate',
  'expiresAt',
  'phases',
  'events',
  'deliverableState',
  'timeRemainingAtEnd',
  'expectedPhaseIndex',
  'addMinutes',
  'reopen',
  'reason',
  'taskPrompt',
  'scoringRubric',
  'candidatePermissions',
  'monthlyAssessmentQuota',
  'sendEmail',
];
const BODIES: readonly unknown[] = [
  'no json',
  '"text"',
  '[]',
  'null',
  '{"__proto__":{}}',
  '['.repeat(5000),
  ...VALUES.map((value) => Object.fromEntries(FIELDS.map((field) => [field, value]))),
  ...VALUES.map((value) => ({
    name: 'A name',
    email: 'a@example.com',
    reason: 'why',
    deliverableState: {},
    dueDate: value,
  })),
  ...VALUES.map((value) => ({
    events: [value, { id: value, type: value, timestampMs: value, data: value, phase: value }],
  })),
  { events: [{ id: 'x', type: 'user_message', timestampMs: 8.64e15, data: { text: '\ud800\0' } }] },
];
const QUERIES = [
  'limit=x',
  'limit=1&limit=2',
  'limit[]=1',
  'nonsense=1',
  'after=nonsense',
  'at=-1',
  'atTime=soon',
  'types=,,',
  'status=',
];
const IDS = ['no-such', '%00', '..%2f..', 'a%20b', "'--", '%F0%9F%92%A9', '00000000-0000-0000-0000-000000000000'];

let desk: SessionDesk;
let candidate: AtDesk;

beforeAll(async () => {
  desk = await SessionDesk.open();
  candidate = await desk.atWork();
});
afterAll(() => desk.close());

/** The one thing every answer must be: a success, or a refusal of the catalogue with its own status. */
function expectDocumented(asked: string, { status, body, headers }: TestAnswer): void {
  if (status < 400) return;
  const { error } = body;
  const [expected, type] = ERROR_CATALOGUE[error.code as keyof typeof ERROR_CATALOGUE] ?? [];
  expect({ asked, status, type: error.type }).toEqual({ asked, status: expected, type });
  expect({ asked, isOurs: status >= 500 }).toEqual({ asked, isOurs: false });
  expect({ asked, requestId: error.requestId }).toEqual({ asked, requestId: headers['x-request-id'] });
}

const pathOf = (template: string, id?: string) =>
  template
    .replace('{sessionId}', id ?? candidate.id)
    .replace('{assessmentId}', id ?? candidate.assessmentId)
    .replace(/\{\w+\}/g, id ?? 'no-such');

const keyFor = (template: string): string =>
  /candidate\/session|\/(open|start|submit|checkpoint|advance-phase)$/.test(template)
    ? candidate.token
    : desk.keys.owner;

describe.each(ROUTES)('%s %s answers as documented', (method, template) => {
  const ask = async (url: string, body: unknown, credential: string | null, headers = {}) =>
    expectDocumented(
      `${method} ${url} ${JSON.stringify(body)?.slice(0, 200)}`,
      await desk.api.ask(method, url, body, credential, headers),
    );

  it('to every credential', async () => {
    const credentials = [
      null,
      'nonsense',
      'gai_nonsense',
      'vst_nonsense',
      desk.stranger,
      candidate.token,
      ...Object.values(desk.keys),
    ];
    for (const credential of credentials) await ask(pathOf(template, 'no-such'), undefined, credential);
  });

  it('to every id', async () => {
    for (const id of IDS)
      for (const credential of [keyFor(template), candidate.token])
        await ask(pathOf(template, id), undefined, credential);
  });

  it('to every query', async () => {
    for (const query of QUERIES) await ask(`${pathOf(template)}?${query}`, undefined, keyFor(template));
  });

  it('to every header', async () => {
    for (const headers of [
      { 'content-type': 'text/plain' },
      { 'content-type': 'nonsense' },
      { 'content-encoding': 'gzip' },
      { 'x-request-id': 'x'.repeat(500) },
      { 'x-verbatim-position': 'nonsense' },
      { 'idempotency-key': 'x'.repeat(300) },
      { 'last-event-id': '\u00ff' },
    ])
      await ask(pathOf(template, 'no-such'), '{}', keyFor(template), headers);
  });

  if (method !== 'GET' && method !== 'DELETE')
    it('to every body', async () => {
      const credentials = template.endsWith('/events') ? [candidate.token] : [keyFor(template)];
      for (const body of BODIES) for (const credential of credentials) await ask(pathOf(template), body, credential);
    });
});
