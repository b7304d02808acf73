import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { type AtWork, allEvents, atWork, message, newAssessment } from '../support/candidate.js';
import { refusalOf } from '../support/refusal.js';
import { endAll, OWNER_KEY, Server } from '../support/server.js';

type Row = readonly [path: string, body: unknown, status: number, code: string, param?: string];

describe('input that is wrong', () => {
  let server: Server;
  let assessmentId: string;
  let candidate: AtWork;

  beforeAll(async () => {
    server = await Server.start();
    assessmentId = await newAssessment(server.owner);
    candidate = await atWork(server, assessmentId, 'present@example.com');
  });

  afterAll(endAll);

  const fill = (path: string) => path.replace('{session}', candidate.sessionId).replace('{assessment}', assessmentId);
  const refused = async (method: string, [path, body]: Row, credential: string) =>
    refusalOf(await server.as(credential).send(method, fill(path), body));
  const wanted = ([, , ...refusal]: Row) => refusal;

  const SESSION_PARAMETERS: readonly Row[] = [
    ['limit=5.5', 0, 400, 'invalid_parameter', 'limit'],
    ['limit=', 0, 400, 'invalid_parameter', 'limit'],
    ['limit=1e2', 0, 400, 'invalid_parameter', 'limit'],
    ['limit=5&limit=6', 0, 400, 'invalid_parameter', 'limit'],
    ['limit[]=5', 0, 400, 'invalid_parameter', 'limit[]'],
    ['limit[a]=5', 0, 400, 'invalid_parameter', 'limit[a]'],
    ['offset=x', 0, 400, 'invalid_parameter', 'offset'],
    ['assessment_id=1', 0, 400, 'invalid_parameter', 'assessment_id'],
    ['__proto__=1', 0, 400, 'invalid_parameter', '__proto__'],
    ['constructor=1', 0, 400, 'invalid_parameter', 'constructor'],
    ['status=done', 0, 400, 'invalid_parameter', 'status'],
    ['status=invited,setup', 0, 400, 'invalid_parameter', 'status'],
    ['status=', 0, 400, 'invalid_parameter', 'status'],
    ['after=1', 0, 400, 'invalid_cursor', 'after'],
  ];

  it.each(SESSION_PARAMETERS)('GET /api/sessions?%s is refused', async (...row) => {
    expect(await refused('GET', [`/api/sessions?${row[0]}`, undefined, row[2], row[3]], OWNER_KEY)).toEqual(
      wanted(row),
    );
  });

  const QUERIES: readonly Row[] = [
    ['/api/sessions/{session}/events?type=clicked', 0, 400, 'invalid_parameter', 'type'],
    ['/api/sessions/{session}/events?include=all', 0, 400, 'invalid_parameter', 'include'],
    ['/api/sessions/{session}/events?after=-1', 0, 400, 'invalid_parameter', 'after'],
    ['/api/sessions/{session}/stream?after=first', 0, 400, 'invalid_cursor', 'after'],
    ['/api/sessions/{session}/replay?at=-1', 0, 400, 'invalid_parameter', 'at'],
    ['/api/sessions/{session}/replay?atTime=yesterday', 0, 400, 'invalid_parameter', 'atTime'],
    ['/api/sessions/{session}/replay?at=1&atTime=2030-01-01T00:00:00Z', 0, 400, 'invalid_parameter', 'atTime'],
    ['/api/sessions/{session}/export?format=csv', 0, 400, 'invalid_parameter', 'format'],
    ['/v1/events?after=17', 0, 400, 'invalid_cursor', 'after'],
    ['/v1/events/stream?after=17', 0, 400, 'invalid_cursor', 'after'],
    ['/v1/events?types=user_message,clicked', 0, 400, 'invalid_parameter', 'types'],
    ['/api/outbox?after=x', 0, 400, 'invalid_cursor', 'after'],
    ['/api/api-keys?limit=5', 0, 400, 'invalid_parameter', 'limit'],
  ];

  it.each(QUERIES)('GET %s is refused', async (...row) => {
    expect(await refused('GET', [row[0], undefined, row[2], row[3]], OWNER_KEY)).toEqual(wanted(row));
  });

  it.each([
    ['/api/sessions?limit=0&offset=-7', 1, 0],
    ['/api/sessions?limit=1000', 100, 0],
    ['/api/sessions?limit=-99999999999999999999&offset=99999999999999999999', 1, Number.MAX_SAFE_INTEGER],
    ['/api/assessments?limit=0', 1, 0],
    ['/api/candidates?limit=101', 100, 0],
    ['/api/outbox?limit=101', 100, 0],
    ['/api/sessions/{session}/events?limit=5000&offset=-1', 1000, 0],
  ])('GET %s is clamped, and says what counts', async (path, limit, offset) => {
    const { status, body } = await server.owner.get(fill(path));
    expect([status, body.limit, body.offset]).toEqual([200, limit, offset]);
  });

  it('a_filter_for_what_does_not_exist_finds_nothing', async () => {
    for (const filter of ['assessmentId=none', 'candidateId=%00', `assessmentId=${candidate.sessionId}`])
      expect((await server.owner.get(`/api/sessions?${filter}`)).body).toMatchObject({ sessions: [], total: 0 });
  });

  const OWNERS_POSTS: readonly Row[] = [
    ['/api/assessments', {}, 400, 'missing_parameter', 'name'],
    ['/api/assessments', { name: '\u0000' }, 400, 'invalid_parameter', 'name'],
    ['/api/assessments', { name: 'half \ud83d' }, 400, 'invalid_parameter', 'name'],
    ['/api/assessments', { name: 'x'.repeat(256) }, 400, 'invalid_parameter', 'name'],
    [
      '/api/assessments',
      { name: 'n', task_time_minutes: 1, taskTimeMinutes: 2 },
      400,
      'invalid_parameter',
      'task_time_minutes',
    ],
    ['/api/assessments', { name: 'n', task_time_minutes: 0 }, 400, 'invalid_parameter', 'task_time_minutes'],
    [
      '/api/assessments',
      { name: 'n', phases: [{ name: 'a', timeMinutes: 1 }, { name: 'b' }] },
      400,
      'missing_parameter',
      'phases[1].timeMinutes',
    ],
    ['/api/assessments', { name: 'n', dueDate: '2031-02-30T00:00:00Z' }, 400, 'invalid_parameter', 'dueDate'],
    ['/api/assessments', { name: 'n', dueDate: '2001-01-01T00:00:00Z' }, 400, 'due_date_in_past', 'dueDate'],
    ['/api/assessments/{assessment}/invite', {}, 400, 'missing_parameter', 'email'],
    ['/api/assessments/{assessment}/invite', { email: 'nobody' }, 400, 'invalid_parameter', 'email'],
    [
      '/api/assessments/{assessment}/invite',
      { email: 'a@example.com\nBcc: b@example.com' },
      400,
      'invalid_parameter',
      'email',
    ],
    ['/api/assessments/{assessment}/invite', { email: '\ud800@example.com' }, 400, 'invalid_parameter', 'email'],
    [
      '/api/assessments/{assessment}/invite',
      { email: 'new@example.com', name: 'N\u0000' },
      400,
      'invalid_parameter',
      'name',
    ],
    [
      '/api/assessments/{assessment}/invite',
      { email: 'new@example.com', dueDate: '2031-01-01' },
      400,
      'invalid_parameter',
      'dueDate',
    ],
    [
      '/api/assessments/{assessment}/invite',
      { email: 'new@example.com', dueDate: '2001-01-01T00:00:00Z' },
      400,
      'due_date_in_past',
      'dueDate',
    ],
    [
      '/api/assessments/{assessment}/invite',
      { email: 'new@example.com', send_email: true, sendEmail: false },
      400,
      'invalid_parameter',
      'send_email',
    ],
    ['/api/sessions/{session}/cancel', {}, 400, 'missing_parameter', 'reason'],
    ['/api/sessions/{session}/cancel', { reason: 'x'.repeat(1001) }, 400, 'invalid_parameter', 'reason'],
    ['/api/api-keys', { name: 'k', role: 'god' }, 400, 'invalid_parameter', 'role'],
    ['/api/api-keys', { name: 'k', expiresAt: '2001-01-01T00:00:00Z' }, 400, 'invalid_parameter', 'expiresAt'],
  ];

  it.each(OWNERS_POSTS)('POST %s with %j is refused', async (...row) => {
    expect(await refused('POST', row, OWNER_KEY)).toEqual(wanted(row));
  });

  const PATCHES: readonly Row[] = [
    ['/api/sessions/{session}', { addMinutes: 0 }, 400, 'invalid_parameter', 'addMinutes'],
    ['/api/sessions/{session}', { addMinutes: 1441 }, 400, 'invalid_parameter', 'addMinutes'],
    ['/api/sessions/{session}', { addMinutes: null }, 400, 'invalid_parameter', 'addMinutes'],
    ['/api/sessions/{session}', { dueDate: '2001-01-01T00:00:00Z' }, 400, 'due_date_in_past', 'dueDate'],
    ['/api/sessions/{session}', { reopen: { minutes: 5 } }, 400, 'missing_parameter', 'reopen.reason'],
    ['/api/sessions/{session}', { reopen: 'now' }, 400, 'invalid_parameter', 'reopen'],
    ['/api/assessments/{assessment}', { phases: [] }, 400, 'invalid_parameter', 'phases'],
    ['/api/organization', { subscription: 'gold' }, 400, 'invalid_parameter', 'subscription'],
  ];

  it.each(PATCHES)('PATCH %s with %j is refused', async (...row) => {
    expect(await refused('PATCH', row, OWNER_KEY)).toEqual(wanted(row));
  });

  const WORKSPACE_POSTS: readonly Row[] = [
    ['/events', {}, 400, 'missing_parameter', 'events'],
    ['/events', { events: [] }, 400, 'invalid_parameter', 'events'],
    [
      '/events',
      { events: Array.from({ length: 501 }, (_, at) => message(`m${at}`)) },
      400,
      'invalid_parameter',
      'events',
    ],
    ['/events', { events: { 0: message('m') } }, 400, 'invalid_parameter', 'events'],
    ['/checkpoint', {}, 400, 'missing_parameter', 'deliverableState'],
    ['/checkpoint', { deliverableState: ['a'] }, 400, 'invalid_parameter', 'deliverableState'],
    ['/advance-phase', { timeRemainingAtEnd: 604_801 }, 400, 'invalid_parameter', 'timeRemainingAtEnd'],
    ['/advance-phase', { timeRemainingAtEnd: null }, 400, 'invalid_parameter', 'timeRemainingAtEnd'],
    ['/advance-phase', { time_remaining_at_end: -1 }, 400, 'invalid_parameter', 'time_remaining_at_end'],
    ['/submit', { deliverableState: 'all of it' }, 400, 'invalid_parameter', 'deliverableState'],
  ];

  it.each(WORKSPACE_POSTS)('POST …%s by the candidate is refused', async (path, ...rest) => {
    const row: Row = [`/api/sessions/{session}${path}`, ...rest];
    expect(await refused('POST', row, candidate.token)).toEqual(wanted(row));
  });

  it('of_a_batch_only_what_is_wrong_is_rejected_and_any_client_time_within_its_bounds_is_taken', async () => {
    const one = await atWork(server, assessmentId, 'batch@example.com');
    const data = { content: 'x' };
    const events = [
      { id: 'epoch', type: 'user_message', timestampMs: 0, data },
      { id: 'doomsday', type: 'user_message', timestampMs: 8.64e15, data },
      { id: 'beyond', type: 'user_message', timestampMs: 8.64e15 + 1, data },
      { id: 'half', type: 'user_message', timestampMs: 1.5, data },
      { id: 'text', type: 'user_message', timestampMs: '1', data },
      { id: 'list', type: 'user_message', timestampMs: 1, data: [] },
      { id: 'none', type: 'user_message', timestampMs: 1, data: null },
      { id: 'where', type: 'user_message', timestampMs: 1, data, phase: 'later' },
      { id: '', type: 'user_message', timestampMs: 1, data },
      { id: 'i'.repeat(129), type: 'user_message', timestampMs: 1, data },
      { id: '🎉'.repeat(128), type: 'user_message', timestampMs: 1, data },
      { id: 'inherited', type: 'hasOwnProperty', timestampMs: 1, data },
      { id: 'clock', type: 'time_expired', timestampMs: 1, data },
      { id: 'epoch', type: 'nonsense', timestampMs: 'never', data: 7 },
      null,
      'event',
    ];
    const { status, body } = await one.workspace.post(`/api/sessions/${one.sessionId}/events`, { events });
    expect(status).toBe(200);
    expect(body.accepted).toEqual(['epoch', 'doomsday', '🎉'.repeat(128)]);
    expect(body.duplicates).toEqual(['epoch']);
    expect(body.rejected.map(({ index, code }: { index: number; code: string }) => [index, code])).toEqual([
      ...[2, 3, 4, 5, 6, 7, 8, 9].map((index) => [index, 'invalid_event']),
      [11, 'unknown_event_type'],
      [12, 'forbidden_event_type'],
      [14, 'invalid_event'],
      [15, 'invalid_event'],
    ]);
    const stored = await allEvents(server.owner, one.sessionId);
    expect(stored.map((event) => event.timestampMs)).toEqual([0, 8.64e15, 1]);
  });
});
