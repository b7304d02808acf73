import { AsyncLocalStorage } from 'node:async_hooks';
import { type CallHandler, type ExecutionContext, Injectable, type NestInterceptor } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { type Observable, tap } from 'rxjs';
import { LogCursors } from '#event-sourcing';

const HEADER = 'X-Verbatim-Position';
const wanted = new AsyncLocalStorage<bigint>();

/** The position the present request's caller has seen: its reads wait until the read models have passed it. */
export const positionWanted = (): bigint => wanted.getStore() ?? 0n;

/**
 * A command answers with the position of what it wrote; a caller that sends it along reads what it wrote, also from
 * another process or after a restart.
 */
@Injectable()
export class PositionInterceptor implements NestInterceptor {
  constructor(private readonly cursors: LogCursors) {}

  async intercept(context: ExecutionContext, next: CallHandler): Promise<Observable<unknown>> {
    const http = context.switchToHttp();
    const request = http.getRequest<FastifyRequest>();
    const header = request.headers['x-verbatim-position'];
    const known = typeof header === 'string' && header !== '' ? await this.cursors.parse(header, HEADER) : 0n;
    // Nest binds the handler to the context in which `handle()` is called, not to the one it is subscribed in.
    const answer = wanted.run(known, () => next.handle());
    return this.notingPosition(answer, request, http.getResponse<FastifyReply>());
  }

  private notingPosition(
    answer: Observable<unknown>,
    request: FastifyRequest,
    reply: FastifyReply,
  ): Observable<unknown> {
    const note = () => {
      const position = request.verbatim.context?.position ?? null;
      if (position !== null) reply.header(HEADER, this.cursors.encode(position));
    };
    return answer.pipe(tap({ next: note, error: note }));
  }
}
