import { connect } from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { type AtWork, allEvents, atWork, newAssessment } from '../support/candidate.js';
import { refusalOf } from '../support/refusal.js';
import { endAll, OWNER_KEY, Server } from '../support/server.js';

const MEBIBYTE = 1024 * 1024;
const nested = (depth: number) => `${'{"a":'.repeat(depth - 1)}{}${'}'.repeat(depth - 1)}`;

describe('bodies and requests of every kind of bad manners', () => {
  let server: Server;
  let candidate: AtWork;
  let events: string;

  beforeAll(async () => {
    server = await Server.start();
    candidate = await atWork(server, await newAssessment(server.owner), 'bodies@example.com');
    events = `/api/sessions/${candidate.sessionId}/events`;
  });

  afterAll(endAll);

  const post = (path: string, body: string, headers: Record<string, string> = {}) =>
    server.owner.send('POST', path, body, headers);

  it.each([
    ['no JSON', '{"name":'],
    ['two JSON texts', '{"name":"a"}{"name":"b"}'],
    ['a comment', '{"name":"a"} // b'],
    ['NaN', '{"name":NaN}'],
    ['a level too many', nested(101)],
    ['a hundred thousand levels', '['.repeat(100_000)],
    ['a hundred thousand levels, closed', '['.repeat(100_000) + ']'.repeat(100_000)],
    ['__proto__', '{"name":"a","__proto__":{"role":"admin"}}'],
    ['__proto__ spelled otherwise', '{"name":"a","x":[{"\\u005f_proto__":1}]}'],
    ['constructor', '{"name":"a","constructor":{"prototype":{}}}'],
    ['prototype', '{"name":"a","x":{"prototype":1}}'],
  ])('a body with %s is invalid_json', async (_, body) => {
    expect(refusalOf(await post('/api/assessments', body))).toEqual([400, 'invalid_json']);
  });

  it.each(['null', '[]', '"name"', '7', 'true'])('a body that is %s is no object', async (body) => {
    const [status, code] = refusalOf(await post('/api/assessments', body));
    expect([status, code]).toEqual([400, body === 'null' ? 'missing_parameter' : 'invalid_request']);
  });

  it('a_hundred_levels_are_taken', async () => {
    const inner = nested(99);
    const created = await post('/api/assessments', `{"name":"Deep","connectorConfig":${inner}}`);
    expect([created.status, created.body.assessment.connectorConfig]).toEqual([201, JSON.parse(inner)]);
  });

  it.each([
    ['text/plain', '{}'],
    ['application/x-www-form-urlencoded', 'name=a'],
    ['multipart/form-data; boundary=x', '--x--'],
    ['application/xml', '<name/>'],
    ['json', '{}'],
  ])('a body sent as %s is 415', async (type, body) => {
    expect(refusalOf(await post('/api/assessments', body, { 'content-type': type }))).toEqual([
      415,
      'unsupported_media_type',
    ]);
  });

  it('a_compressed_body_is_415_and_a_charset_or_suffix_is_taken', async () => {
    expect(refusalOf(await post('/api/assessments', '{}', { 'content-encoding': 'gzip' }))).toEqual([
      415,
      'unsupported_media_type',
    ]);
    for (const type of ['application/json; charset=utf-8', 'APPLICATION/JSON', 'application/merge-patch+json'])
      expect((await post('/api/assessments', '{"name":"Typed"}', { 'content-type': type })).status).toBe(201);
  });

  it('a_body_larger_than_its_route_takes_is_413_everywhere', async () => {
    const big = (bytes: number) => JSON.stringify({ name: 'x'.repeat(bytes) });
    expect(refusalOf(await post('/api/assessments', big(MEBIBYTE)))).toEqual([413, 'payload_too_large']);
    const [batch, checkpoint] = await Promise.all([
      candidate.workspace.send('POST', events, big(2 * MEBIBYTE)),
      candidate.workspace.send('POST', `/api/sessions/${candidate.sessionId}/checkpoint`, big(6 * MEBIBYTE)),
    ]);
    expect([refusalOf(batch), refusalOf(checkpoint)]).toEqual(Array(2).fill([413, 'payload_too_large']));
  });

  it('who_is_still_sending_reads_the_413_and_no_broken_pipe', async () => {
    const state = JSON.stringify({ deliverableState: { text: 'x'.repeat(12 * MEBIBYTE) } });
    const answers = await Promise.all(
      Array.from({ length: 12 }, () =>
        candidate.workspace.send('POST', `/api/sessions/${candidate.sessionId}/checkpoint`, state),
      ),
    );
    expect(answers.map(refusalOf)).toEqual(Array(12).fill([413, 'payload_too_large']));
  });

  it('a_deliverable_of_five_mebibytes_is_kept_and_one_byte_more_is_413', async () => {
    const path = `/api/sessions/${candidate.sessionId}/checkpoint`;
    const state = (bytes: number) => ({ deliverableState: { text: 'x'.repeat(bytes - '{"text":""}'.length) } });
    expect(refusalOf(await candidate.workspace.post(path, state(5 * MEBIBYTE + 1)))).toEqual([
      413,
      'payload_too_large',
      'deliverableState',
    ]);
    expect((await candidate.workspace.post(path, state(5 * MEBIBYTE))).body).toEqual({ ok: true });
    const { deliverableState } = (await candidate.workspace.get('/api/candidate/session')).body;
    expect(deliverableState.text).toHaveLength(5 * MEBIBYTE - '{"text":""}'.length);
  });

  it('text_of_event_data_is_kept_exactly_whatever_stands_in_it', async () => {
    const data = {
      content: 'NUL \u0000, half \ud83d a pair, \u202e turned, \u2028 line, e\u0301 \u00e9 👩‍👩‍👧',
      toString: 'own',
      hasOwnProperty: null,
      $where: '1; drop table sessions',
      'a.b': { '': [[], {}, -0, 1e21, 5e-324, true] },
      toJSON: 'not a function',
    };
    const event = { id: "'; --\n\u0000", type: 'user_message', timestampMs: 1, data };
    const answer = await candidate.workspace.post(events, { events: [event] });
    expect(answer.body.accepted).toEqual([event.id]);
    const stored = (await allEvents(server.owner, candidate.sessionId)).find(({ id }) => id === event.id);
    expect(stored.data).toMatchObject(JSON.parse(JSON.stringify(data)));
  });

  it.each([
    ['PUT', '/api/sessions', 'GET, HEAD'],
    ['DELETE', '/api/sessions', 'GET, HEAD'],
    ['POST', '/api/sessions/{session}', 'DELETE, GET, HEAD, PATCH'],
    ['GET', '/api/sessions/{session}/submit', 'POST'],
    ['PUT', '/v1/events', 'GET, HEAD'],
  ])('%s %s is 405 and says what is allowed', async (method, path, allowed) => {
    const answer = await server.owner.send(method, path.replace('{session}', candidate.sessionId));
    expect(refusalOf(answer)).toEqual([405, 'method_not_allowed']);
    expect(answer.headers.get('allow')).toBe(allowed);
  });

  it.each([
    ['/', 404, 'not_found'],
    ['/api', 404, 'not_found'],
    ['/api/nothing', 404, 'not_found'],
    ['/api/sessions/', 404, 'not_found'],
    ['/API/SESSIONS', 404, 'not_found'],
    ['/api//sessions', 404, 'not_found'],
    ['/api/sessions/%2e%2e%2f%2e%2e', 404, 'not_found'],
    ['/api/sessions/%00', 404, 'not_found'],
    ['/api/sessions/%E0%A4%A', 400, 'invalid_request'],
    [`/api/sessions/${'a'.repeat(600)}`, 414, 'uri_too_long'],
    [`/api/sessions?assessmentId=${'a'.repeat(20_000)}`, 414, 'uri_too_long'],
  ])('GET %.60s is answered %d', async (path, status, code) => {
    const answer = await server.owner.get(path);
    if (answer.headers.get('x-request-id')) expect(refusalOf(answer)).toEqual([status, code]);
    else expect([answer.status, answer.body.error.code]).toEqual([status, code]);
  });

  const raw = (text: string): Promise<string> =>
    new Promise((resolve, reject) => {
      const socket = connect(Number(new URL(server.url).port), '127.0.0.1', () => socket.write(text));
      let answer = '';
      socket.on('data', (chunk) => {
        answer += chunk.toString();
        socket.end();
      });
      socket.on('close', () => resolve(answer));
      socket.on('error', reject);
    });

  it.each([
    ['no HTTP', 'HELLO\r\n\r\n', 400],
    ['a length that is no number', 'POST /api/assessments HTTP/1.1\r\nHost: x\r\nContent-Length: ten\r\n\r\n', 400],
    ['two lengths', 'POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\nab', 400],
    [
      'a length and chunks',
      'POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 1\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n',
      400,
    ],
    ['no host', 'GET /health/live HTTP/1.1\r\n\r\n', 400],
    ['headers without end', `GET /health/live HTTP/1.1\r\nHost: x\r\nX-Long: ${'a'.repeat(40_000)}\r\n\r\n`, 431],
  ])('a request with %s is answered and the server stays', async (_, text, status) => {
    expect((await raw(text)).split(' ')[1]).toBe(String(status));
    expect((await server.owner.get('/health/live')).status).toBe(200);
  });

  it('a_body_that_never_ends_holds_up_nobody_else_and_leaves_nothing', async () => {
    const head = `POST /api/assessments HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer ${OWNER_KEY}\r\n`;
    const slow = Array.from({ length: 30 }, () => {
      const socket = connect(Number(new URL(server.url).port), '127.0.0.1');
      socket.on('error', () => undefined);
      socket.write(`${head}Content-Type: application/json\r\nContent-Length: 500\r\n\r\n{"name":"Never finished`);
      return socket;
    });
    expect((await server.owner.get('/api/sessions')).status).toBe(200);
    for (const socket of slow) socket.destroy();
    const { assessments } = (await server.owner.get('/api/assessments?limit=100')).body;
    expect(assessments.map(({ name }: { name: string }) => name)).not.toContain('Never finished');
  });
});
