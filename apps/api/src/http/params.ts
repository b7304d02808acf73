import { randomUUID } from 'node:crypto';
import { createParamDecorator, type ExecutionContext } from '@nestjs/common';
import type { FastifyRequest } from 'fastify';
import { validate } from 'uuid';
import { type Actor, CommandContext } from '#event-sourcing';
import { type CandidatePrincipal, derivedId, type KeyPrincipal, type Principal, VerbatimError } from '#platform';

const requestOf = (context: ExecutionContext): FastifyRequest => context.switchToHttp().getRequest<FastifyRequest>();

/** The principal. A candidate-only or key-only route may take it as `CandidatePrincipal` or `KeyPrincipal`: the guard saw to it. */
export const Caller = createParamDecorator((_: unknown, context: ExecutionContext): Principal => {
  const { principal } = requestOf(context).verbatim;
  if (!principal) throw new VerbatimError('unauthenticated', 'This needs a credential.');
  return principal;
});

/**
 * The request's CommandContext: one a request, so that every append of it shares the command id and its position is
 * answered as `X-Verbatim-Position`.
 */
export const Context = createParamDecorator(
  (_: unknown, context: ExecutionContext): CommandContext => contextOf(requestOf(context)),
);

export function contextOf(request: FastifyRequest): CommandContext {
  const state = request.verbatim;
  state.context ??= new CommandContext(
    actorOf(state.principal),
    state.commandId ?? randomUUID(),
    state.receivedAt,
    correlationOf(request.id),
  );
  return state.context;
}

/** Metadata hold no personal data, and a caller's own request id may be anything: only a uuid goes in as it is. */
export const correlationOf = (requestId: string): string =>
  validate(requestId) ? requestId : derivedId('request', requestId);

function actorOf(principal: Principal | undefined): Actor {
  switch (principal?.kind) {
    case 'key':
      return keyActor(principal);
    case 'candidate':
      return candidateActor(principal);
    case 'operator':
      return { kind: 'operator', id: 'operator', via: 'system' };
    case undefined:
      return { kind: 'system', id: 'http', via: 'system' };
  }
}

const keyActor = (key: KeyPrincipal): Actor => ({
  kind: 'key',
  id: key.keyId,
  via: key.role === 'runtime' ? 'runtime' : 'reviewer',
});

const candidateActor = (candidate: CandidatePrincipal): Actor => ({
  kind: 'candidate',
  id: candidate.sessionId,
  via: 'candidate',
});
