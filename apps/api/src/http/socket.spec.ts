import { once } from 'node:events';
import { connect } from 'node:net';
import { setTimeout as delay } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { OpsStore } from '#ops-store';
import { EventStreams } from './event-streams.js';
import { TryOutController } from './testing/try-out.controller.js';
import { tryOutApi } from './testing/try-out-api.js';

type Api = Awaited<ReturnType<typeof tryOutApi>>;

/** What only shows on a real socket. */
describe('on a socket', () => {
  let api: Api;
  let port: number;
  const lines: string[] = [];
  const revoked = new Set<string>();
  beforeEach(async () => {
    revoked.clear();
    const ops = Object.create(OpsStore.prototype) as OpsStore;
    api = await tryOutApi({ ops, revoked, log: (line) => lines.push(line) });
    await api.listen(0, '127.0.0.1');
    ({ port } = api.getHttpServer().address() as { port: number });
  });
  afterEach(() => api.close());

  const send = async (text: string): Promise<string> => {
    const socket = connect(port, '127.0.0.1');
    socket.end(text);
    let answer = '';
    socket.on('data', (chunk: Buffer) => {
      answer += chunk.toString();
    });
    await once(socket, 'close');
    return answer;
  };
  const bodyOf = (answer: string) =>
    JSON.parse(answer.slice(answer.indexOf('\r\n\r\n'))) as { error: { code: string } };

  it.each([
    ['no HTTP at all', 'hello there\r\n\r\n', 400, 'invalid_request'],
    ['a header without a colon', 'GET / HTTP/1.1\r\nHost: x\r\nbroken\r\n\r\n', 400, 'invalid_request'],
    ['an endless address', `GET /${'x'.repeat(20_000)} HTTP/1.1\r\nHost: x\r\n\r\n`, 414, 'uri_too_long'],
    ['endless headers', `GET / HTTP/1.1\r\nHost: x\r\nCookie: ${'x'.repeat(20_000)}\r\n\r\n`, 431, 'invalid_request'],
    [
      'two Authorization headers',
      'GET /try/list HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer gai_admin\r\nAuthorization: Bearer gai_owner\r\nConnection: close\r\n\r\n',
      400,
      'invalid_request',
    ],
    [
      'a body longer than announced room',
      'POST /try/bodies HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer gai_admin\r\nContent-Type: application/json\r\nContent-Length: 9999999999\r\nConnection: close\r\n\r\n{}',
      413,
      'payload_too_large',
    ],
  ])('answers %s in the documented form', async (_, text, status, code) => {
    const answer = await send(text);
    expect(answer.split(' ')[1]).toBe(String(status));
    expect(bodyOf(answer).error.code).toBe(code);
  });

  it('survives a body that breaks off', async () => {
    await send(
      'POST /try/bodies HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nContent-Length: 50\r\n\r\n{"em',
    );
    expect((await fetch(`http://127.0.0.1:${port}/try/open`)).status).toBe(200);
  });

  it('streams events from where the reader was, and ends with it', async () => {
    const ended = new AbortController();
    const response = await fetch(`http://127.0.0.1:${port}/try/stream?after=1`, {
      headers: { authorization: 'Bearer gai_admin', 'last-event-id': '6' },
      signal: ended.signal,
    });
    expect(response.headers.get('content-type')).toBe('text/event-stream; charset=utf-8');
    expect(response.headers.get('x-request-id')).toBeTruthy();
    let text = '';
    for await (const chunk of response.body!.pipeThrough(new TextDecoderStream())) {
      text += chunk;
      if (text.includes('id: 8\n')) break;
    }
    ended.abort();
    expect(text).toContain('event: tick\nid: 7\ndata: {"id":7}\n\n');
    expect(text).not.toContain('id: 6\n');
  });

  it.each(['stream', 'silence'])('ends a %s whose key was revoked meanwhile', async (route) => {
    api.get(EventStreams).heartbeatMs = 20;
    const read = fetch(`http://127.0.0.1:${port}/try/${route}`, { headers: { authorization: 'Bearer gai_admin' } });
    const reading = (await read).text();
    const stillOpen = await Promise.race([reading, delay(100, 'open')]);
    expect(stillOpen).toBe('open');
    revoked.add('gai_admin');
    expect(await reading).toContain(': heartbeat\n');
  });

  it('follows nothing for a reader that left before its stream began', async () => {
    const controller = api.get(TryOutController);
    const socket = connect(port, '127.0.0.1');
    socket.write('GET /try/late-stream HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer gai_admin\r\n\r\n');
    while (controller.late === undefined) await delay(5);
    socket.destroy();
    for (let looks = 0; looks < 100 && controller.late !== 'ended'; looks += 1) await delay(20);
    expect(controller.late).toBe('ended');
  });

  it('closes open streams when it stops, so that it can', async () => {
    const response = await fetch(`http://127.0.0.1:${port}/try/stream`, {
      headers: { authorization: 'Bearer gai_admin' },
    });
    const reading = response.text();
    await api.close();
    expect(await reading).toContain('id: 0\n');
  });

  it('logs a line a request without its query, its tokens or its headers', async () => {
    lines.length = 0;
    await fetch(`http://127.0.0.1:${port}/try/list?colour=secret-colour`, {
      headers: { authorization: 'Bearer gai_admin' },
    });
    await fetch(`http://127.0.0.1:${port}/s/vst_secret-token`);
    await fetch(`http://127.0.0.1:${port}/try/things/gai_secret-key`, { method: 'DELETE' });
    const logged = lines
      .map((line) => JSON.parse(line) as Record<string, unknown>)
      .filter(({ msg }) => msg === 'request');
    expect(logged.map(({ method, path, status, by }) => [method, path, status, by])).toEqual([
      ['GET', '/try/list', 400, 'key:k-admin'],
      ['GET', '/s/[token]', 404, undefined],
      ['DELETE', '/try/things/gai_[redacted]', 401, undefined],
    ]);
    expect(lines.join('')).not.toMatch(/secret|gai_admin/);
  });
});
