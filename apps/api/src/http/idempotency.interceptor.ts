import { createHash } from 'node:crypto';
import { type CallHandler, type ExecutionContext, Injectable, type NestInterceptor } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { catchError, mergeMap, type Observable, of } from 'rxjs';
import { OpsStore, type StoredAnswer, type Subject } from '#ops-store';
import { Clock, derivedId, VerbatimError } from '#platform';
import { answerTo, knownError } from './error-answer.js';
import { credentialName } from './rate-limits.js';

/** How long a request may be under way before its key can be taken over: longer than any answer takes. */
const LOCK_MS = 60_000;
/** Refusals that say nothing of the outcome: the caller corrects the request, or tries again, with the same key. */
const NOT_KEPT = new Set([400, 401, 403, 413, 415, 429]);
const KEPT_HEADERS = ['x-verbatim-position', 'location'] as const;

interface Entry {
  readonly scope: string;
  readonly key: string;
  readonly token: string;
}

/**
 * `Idempotency-Key` on POST: the first answer is kept 24 hours and given again. The command id follows from the key, so
 * that even a request whose first answer was lost in a crash decides the same event ids again.
 */
@Injectable()
export class IdempotencyInterceptor implements NestInterceptor {
  constructor(
    private readonly ops: OpsStore,
    private readonly clock: Clock,
  ) {}

  async intercept(context: ExecutionContext, next: CallHandler): Promise<Observable<unknown>> {
    const http = context.switchToHttp();
    const request = http.getRequest<FastifyRequest>();
    const reply = http.getResponse<FastifyReply>();
    const { principal } = request.verbatim;
    const key = request.method === 'POST' ? keyOf(request) : undefined;
    if (key === undefined || principal === undefined) return next.handle();
    const scope = `${'orgId' in principal ? principal.orgId : '-'} ${credentialName(principal)} ${request.routeOptions.url}`;
    const now = this.clock.now();
    const fingerprint = fingerprintOf(request);
    const start = await this.ops.idempotency.begin({ scope, key, fingerprint, now, lockUntil: now + LOCK_MS });
    switch (start.outcome) {
      case 'answered':
        return of(replay(start.answer, reply));
      case 'in_use':
        throw new VerbatimError('idempotency_key_in_use', 'A request with this Idempotency-Key is under way.', {
          retryAfter: 1,
        });
      case 'reused':
        throw new VerbatimError('idempotency_key_reuse', 'This Idempotency-Key was used for another request.');
      case 'started':
        request.verbatim.commandId = derivedId('request', scope, key);
        return this.keepAnswer(next, request, reply, { scope, key, token: start.token });
    }
  }

  private keepAnswer(
    next: CallHandler,
    request: FastifyRequest,
    reply: FastifyReply,
    entry: Entry,
  ): Observable<unknown> {
    return next.handle().pipe(
      mergeMap(async (body: unknown) => {
        await this.finish(entry, request, reply, reply.statusCode, body);
        return body;
      }),
      catchError(async (error: unknown) => {
        const known = knownError(error);
        if (!known || known.status >= 500 || NOT_KEPT.has(known.status)) await this.ops.idempotency.abandon(entry);
        else await this.finish(entry, request, reply, known.status, answerTo(known, request.id).body);
        throw error;
      }),
    );
  }

  /** What was done is done: when its answer cannot be kept, it is given all the same, and the lock runs out by itself. */
  private async finish(
    entry: Entry,
    request: FastifyRequest,
    reply: FastifyReply,
    status: number,
    body: unknown,
  ): Promise<void> {
    const subject = concernOf(request, body);
    const answer: StoredAnswer = { status, headers: keptHeaders(reply), body: JSON.stringify(body ?? null) };
    try {
      await this.ops.idempotency.finish({ ...entry, answer, now: this.clock.now(), ...(subject && { subject }) });
    } catch (error) {
      request.log.warn({ err: error }, 'The answer to an Idempotency-Key was not kept.');
    }
  }
}

const keptHeaders = (reply: FastifyReply): Record<string, string> =>
  Object.fromEntries(
    KEPT_HEADERS.map((name) => [name, reply.getHeader(name)] as const).filter(
      (header): header is [(typeof KEPT_HEADERS)[number], string] => typeof header[1] === 'string',
    ),
  );

function keyOf(request: FastifyRequest): string | undefined {
  const key = request.headers['idempotency-key'];
  if (key === undefined) return undefined;
  if (typeof key === 'string' && /^[\x20-\x7e]{1,255}$/.test(key)) return key;
  throw new VerbatimError('invalid_parameter', 'Idempotency-Key must be 1–255 printable ASCII characters.', {
    param: 'Idempotency-Key',
  });
}

const fingerprintOf = (request: FastifyRequest): string =>
  createHash('sha256')
    .update(`${request.method} ${request.url}\n`)
    .update(JSON.stringify(request.body ?? null))
    .digest('hex');

function replay(answer: StoredAnswer, reply: FastifyReply): unknown {
  reply.code(answer.status).headers(answer.headers).header('idempotency-replayed', 'true');
  return JSON.parse(answer.body);
}

/** Whom an answer concerns, so that a deletion takes it along: the session it speaks of, or else the organization. */
function concernOf(request: FastifyRequest, body: unknown): Subject | undefined {
  const { principal } = request.verbatim;
  const spoken = body as { session?: { id?: unknown }; organization?: { id?: unknown } } | null;
  const { sessionId } = request.params as { sessionId?: string };
  const session = principal?.kind === 'candidate' ? principal.sessionId : (sessionId ?? spoken?.session?.id);
  if (typeof session === 'string') return `session:${session}`;
  const organization = principal && 'orgId' in principal ? principal.orgId : spoken?.organization?.id;
  return typeof organization === 'string' ? `organization:${organization}` : undefined;
}
