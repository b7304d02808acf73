import type { IncomingMessage } from 'node:http';
import type { FastifyInstance } from 'fastify';

const LONGEST_MS = 5_000;
const MOST_BYTES = 64 * 1024 * 1024;

/**
 * A 413 is known before the body has arrived, and Fastify then closes the connection. Whoever is still sending would see
 * a broken pipe instead of the answer: so the rest is read and thrown away first, within bounds. What is announced as
 * larger than those is answered at once.
 */
export function letOversizedBodiesEnd(fastify: FastifyInstance): void {
  fastify.addHook('onSend', async (request, reply) => {
    const announced = Number(request.headers['content-length'] ?? 0);
    if (reply.statusCode === 413 && announced <= MOST_BYTES) await threwAway(request.raw);
  });
}

const threwAway = (body: IncomingMessage): Promise<void> =>
  new Promise((resolve) => {
    if (body.complete || body.destroyed) {
      resolve();
      return;
    }
    const done = () => {
      clearTimeout(timer);
      body.pause();
      resolve();
    };
    const timer = setTimeout(done, LONGEST_MS);
    let bytes = 0;
    body.on('data', (chunk: Buffer) => {
      bytes += chunk.length;
      if (bytes > MOST_BYTES) done();
    });
    body.once('end', done).once('close', done).resume();
  });
