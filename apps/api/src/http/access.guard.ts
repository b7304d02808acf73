import { type CanActivate, type ExecutionContext, Injectable } from '@nestjs/common';
import type { FastifyRequest } from 'fastify';
import { notFound, type Principal, VerbatimConfig, VerbatimError } from '#platform';
import { type Access, accessOf } from './access.js';
import { perHandler } from './per-handler.js';

/** Ids are all that stands in paths; what cannot be one is nothing that exists. A link's token answers for itself. */
const PATH_PART = /^[A-Za-z0-9_-]{1,512}$/;

/** Lets in whom the route names, and nobody where it names none. */
@Injectable()
export class AccessGuard implements CanActivate {
  private readonly accessTo = perHandler((context) => accessOf(context.getHandler(), context.getClass()));

  constructor(private readonly config: VerbatimConfig) {}

  canActivate(context: ExecutionContext): boolean {
    const request = context.switchToHttp().getRequest<FastifyRequest>();
    this.admit(this.accessTo(context), request);
    const params = request.params as Readonly<Record<string, string>>;
    for (const [name, value] of Object.entries(params))
      if (name !== '*' && name !== 'token' && !PATH_PART.test(value)) throw notFound('object');
    return true;
  }

  private admit(access: Access, request: FastifyRequest): void {
    if (access.everyone) return;
    if (access.operator && this.config.operatorToken === undefined) throw notFound('route');
    const { principal, refusal } = request.verbatim;
    if (refusal) throw refusal;
    if (!principal)
      throw new VerbatimError(
        'unauthenticated',
        'This needs a credential: Authorization: Bearer <key or session token>.',
      );
    if (!isAllowed(access, principal)) throw refused(access, principal);
    const { sessionId } = request.params as { sessionId?: string };
    if (principal.kind === 'candidate' && sessionId !== undefined && sessionId !== principal.sessionId)
      throw notFound('session');
  }
}

function isAllowed(access: Access, principal: Principal): boolean {
  switch (principal.kind) {
    case 'key':
      return access.roles.includes(principal.role) || (principal.role === 'owner' && access.roles.includes('admin'));
    case 'candidate':
      return access.candidate;
    case 'operator':
      return access.operator;
  }
}

function refused(access: Access, principal: Principal): VerbatimError {
  if (principal.kind === 'key' && access.candidate && access.roles.length === 0)
    return new VerbatimError('session_token_required', "This takes the candidate's session token, not an API key.");
  return new VerbatimError('insufficient_scope', `A ${describe(principal)} may not do this.`, {
    details: { allowed: [...access.roles, ...(access.candidate ? ['candidate'] : [])] },
  });
}

const describe = (principal: Principal): string =>
  principal.kind === 'key' ? `key of role ${principal.role}` : principal.kind;
