import { applyDecorators, SetMetadata } from '@nestjs/common';
import type { Role } from '#platform';

/** Who may call a route. What is not declared is refused: every route says it. */
export interface Access {
  readonly roles: readonly Role[];
  readonly candidate: boolean;
  readonly operator: boolean;
  readonly everyone: boolean;
}

export const ACCESS_PARTS = {
  roles: 'access:roles',
  candidate: 'access:candidate',
  operator: 'access:operator',
  everyone: 'access:everyone',
} as const;

/** Keys of these roles. An owner's key may do whatever an admin's may. On a method it replaces what its class says. */
export const Allow = (...roles: Role[]) => applyDecorators(SetMetadata(ACCESS_PARTS.roles, roles));

/**
 * The candidate's session token. When the route has a parameter `:sessionId`, it must be the candidate's own session:
 * another's is 404 before the handler runs. With {@link Allow} beside it, either will do.
 */
export const AllowCandidate = () => applyDecorators(SetMetadata(ACCESS_PARTS.candidate, true));

/** The holder of VERBATIM_OPERATOR_TOKEN; while that is unset the route is not there (404). */
export const AllowOperator = () => applyDecorators(SetMetadata(ACCESS_PARTS.operator, true));

/** Anybody, without a credential. */
export const Public = () => applyDecorators(SetMetadata(ACCESS_PARTS.everyone, true));
