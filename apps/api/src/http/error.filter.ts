import { type ArgumentsHost, Catch, type ExceptionFilter } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { answerTo, internalError, knownError } from './error-answer.js';

/** The one place where errors become answers, Fastify's own included (Nest hands them here). */
@Catch()
export class ErrorFilter implements ExceptionFilter {
  catch(thrown: unknown, host: ArgumentsHost): void {
    const http = host.switchToHttp();
    answerError(http.getRequest<FastifyRequest>(), http.getResponse<FastifyReply>(), thrown);
  }
}

export function answerError(request: FastifyRequest, reply: FastifyReply, thrown: unknown): void {
  const known = knownError(thrown);
  if (!known) request.log.error({ err: thrown }, 'A request failed.');
  else if (known.status >= 500) request.log.warn({ err: thrown, code: known.code }, known.message);
  // A stream that broke off after its headers went: the connection's end is all that can still be said.
  if (reply.sent || reply.raw.headersSent) {
    reply.raw.destroy();
    return;
  }
  const answer = answerTo(known ?? internalError(), request.id);
  reply
    .header('x-request-id', request.id)
    .headers(answer.headers)
    .code(answer.status)
    .type('application/json; charset=utf-8')
    .send(JSON.stringify(answer.body));
}
