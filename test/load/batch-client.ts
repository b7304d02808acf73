import { connect, type Socket } from 'node:net';
import { batchOf } from './activity-batch.js';
import { percentile } from './bench.js';

/** What the client is told by whoever forked it. */
export interface Load {
  readonly url: string;
  /** One connection each, which sends its next batch when the last one was answered. */
  readonly sessions: readonly { readonly sessionId: string; readonly token: string }[];
  readonly seconds: number;
  readonly eventsEach: number;
}

export interface LoadResult {
  readonly requestsPerSecond: number;
  readonly p99Ms: number;
}

/** As long as what is written over it in each request, so that nothing else of a request changes. */
const NO_ID = '0'.repeat(16);

/** One request as bytes, with new ids each time it is sent. */
class Request {
  private readonly bytes: Buffer;
  private readonly places: number[] = [];

  constructor({ hostname, port }: URL, { sessionId, token }: Load['sessions'][number], events: number) {
    const body = batchOf(events, NO_ID);
    const head = [
      `POST /api/sessions/${sessionId}/events HTTP/1.1`,
      `Host: ${hostname}:${port}`,
      `Authorization: Bearer ${token}`,
      'Content-Type: application/json',
      `Content-Length: ${Buffer.byteLength(body)}`,
    ];
    this.bytes = Buffer.from(`${head.join('\r\n')}\r\n\r\n${body}`);
    for (let at = this.bytes.indexOf(NO_ID); at >= 0; at = this.bytes.indexOf(NO_ID, at + 1)) this.places.push(at);
  }

  withIds(id: string): Buffer {
    for (const at of this.places) this.bytes.write(id, at, 'latin1');
    return this.bytes;
  }
}

/** The bytes of answers, as they come in; each ends where its Content-Length says. */
class Answers {
  private rest: Buffer = Buffer.alloc(0);

  /** Whether these bytes end an answer. */
  take(chunk: Buffer): boolean {
    this.rest = this.rest.length === 0 ? chunk : Buffer.concat([this.rest, chunk]);
    const headEnd = this.rest.indexOf('\r\n\r\n');
    if (headEnd < 0) return false;
    const head = this.rest.toString('latin1', 0, headEnd);
    if (!head.startsWith('HTTP/1.1 200 ')) throw new Error(`Not taken: ${this.rest.toString()}`);
    const length = Number(/\r\ncontent-length: (\d+)/i.exec(head)?.[1]);
    if (this.rest.length < headEnd + 4 + length) return false;
    this.rest = Buffer.alloc(0);
    return true;
  }
}

/** Bare sockets: what the client takes of the machine is missing on both sides of the ratio, so it takes little. */
async function send({ url, sessions, seconds, eventsEach }: Load): Promise<LoadResult> {
  const milliseconds: number[] = [];
  const began = performance.now();
  const run = Math.random().toString(16).slice(2, 8).padEnd(6, '0');
  let requests = 0;
  const talk = (socket: Socket, request: Request) =>
    new Promise<void>((resolve, reject) => {
      const answers = new Answers();
      let sentAt = 0;
      const next = (): void => {
        sentAt = performance.now();
        if (sentAt - began > seconds * 1000) {
          socket.end();
          resolve();
          return;
        }
        requests += 1;
        socket.write(request.withIds(run + String(requests).padStart(NO_ID.length - run.length, '0')));
      };
      socket.on('data', (chunk) => {
        try {
          if (!answers.take(chunk)) return;
        } catch (error) {
          reject(error);
          return;
        }
        milliseconds.push(performance.now() - sentAt);
        next();
      });
      socket.once('error', reject);
      next();
    });
  const target = new URL(url);
  await Promise.all(
    sessions.map((session) =>
      talk(
        connect({ host: target.hostname, port: Number(target.port), noDelay: true }),
        new Request(target, session, eventsEach),
      ),
    ),
  );
  const took = (performance.now() - began) / 1000;
  milliseconds.sort((one, other) => one - other);
  return { requestsPerSecond: milliseconds.length / took, p99Ms: percentile(milliseconds, 0.99) };
}

process.on('message', async (load: Load) => {
  process.send?.(await send(load));
});
