import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { Clock, isVerbatimError, VerbatimError } from '#platform';
import type { Authenticator } from './authenticator.js';
import { credentialOf } from './credential.js';
import type { RateLimits, RateVerdict } from './rate-limits.js';

export interface RequestHookParts {
  readonly clock: Clock;
  readonly authenticator: Authenticator;
  /** Undefined: switched off. */
  readonly rateLimits: RateLimits | undefined;
}

/** Probes come every few seconds from one address and cost nothing. */
const UNLIMITED = /^\/(health|metrics)(\/|$)/;

/** What happens to every request before its body is read: moment of receipt, request id, who calls, how often. */
export function installRequestHooks(fastify: FastifyInstance, parts: RequestHookParts): void {
  fastify.decorateRequest('verbatim');
  fastify.addHook('onRequest', async (request, reply) => {
    request.verbatim = { receivedAt: parts.clock.now() };
    reply.header('x-request-id', request.id).header('cache-control', 'no-store');
    await identify(request, parts.authenticator);
    if (parts.rateLimits && !UNLIMITED.test(request.url)) await limit(request, reply, parts.rateLimits);
  });
}

async function identify(request: FastifyRequest, authenticator: Authenticator): Promise<void> {
  try {
    const credential = credentialOf(request);
    if (credential !== undefined) request.verbatim.principal = await authenticator.authenticate(credential, request.ip);
  } catch (error) {
    // Where no credential is needed a bad one does not matter: the guard throws the refusal where one is.
    if (!isVerbatimError(error) || error.status >= 500) throw error;
    request.verbatim.refusal = error;
  }
}

async function limit(request: FastifyRequest, reply: FastifyReply, limits: RateLimits): Promise<void> {
  const { principal } = request.verbatim;
  const verdict = principal ? await limits.ofCredential(principal) : await limits.ofAddress(request.ip);
  describe(verdict, reply);
  if (!verdict.allowed)
    throw new VerbatimError('rate_limited', `Too many requests: ${verdict.limit} a minute are allowed.`, {
      retryAfter: verdict.retryAfter,
    });
}

function describe(verdict: RateVerdict, reply: FastifyReply): void {
  const burst = verdict.burst === undefined ? '' : `;burst=${verdict.burst}`;
  reply
    .header('ratelimit-policy', `${verdict.limit};w=60${burst}`)
    .header('ratelimit-limit', String(verdict.limit))
    .header('ratelimit-remaining', String(verdict.remaining))
    .header('ratelimit-reset', String(verdict.reset));
}
