import type { FastifyInstance, FastifyRequest } from 'fastify';
import { redactedPath } from './logging.js';
import { correlationOf } from './params.js';
import { credentialName } from './rate-limits.js';

/** One line a request, when its answer has gone (or its reader has). */
export function installRequestLog(fastify: FastifyInstance): void {
  fastify.addHook('onResponse', async (request, reply) => {
    request.log.info(
      { ...requestLine(request), status: reply.statusCode, milliseconds: Math.round(reply.elapsedTime * 10) / 10 },
      'request',
    );
  });
  fastify.addHook('onRequestAbort', async (request) => {
    request.log.info({ ...requestLine(request), aborted: true }, 'request');
  });
}

const requestLine = (request: FastifyRequest) => ({
  correlationId: correlationOf(request.id),
  method: request.method,
  path: redactedPath(request.url),
  route: request.routeOptions.url,
  by: request.verbatim?.principal && credentialName(request.verbatim.principal),
});
