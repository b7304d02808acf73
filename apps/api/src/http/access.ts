import { SetMetadata } from '@nestjs/common';
import type { Role } from '#platform';

/** Who may call a route. What is not declared is refused: every route says it. */
export interface Access {
  readonly roles: readonly Role[];
  readonly candidate: boolean;
  readonly operator: boolean;
  readonly everyone: boolean;
}

const PARTS = {
  roles: 'access:roles',
  candidate: 'access:candidate',
  operator: 'access:operator',
  everyone: 'access:everyone',
} as const;

/** Keys of these roles. An owner's key may do whatever an admin's may. On a method it replaces what its class says. */
export const Allow = (...roles: Role[]) => SetMetadata(PARTS.roles, roles);

/**
 * The candidate's session token. When the route has a parameter `:sessionId`, it must be the candidate's own session:
 * another's is 404 before the handler runs. With {@link Allow} beside it, either will do.
 */
export const AllowCandidate = () => SetMetadata(PARTS.candidate, true);

/** The holder of VERBATIM_OPERATOR_TOKEN; while that is unset the route is not there (404). */
export const AllowOperator = () => SetMetadata(PARTS.operator, true);

/** Anybody, without a credential. */
export const Public = () => SetMetadata(PARTS.everyone, true);

/** What the method declares, or else its class: never a mixture. */
export function accessOf(handler: object, controller: object): Access {
  const declares = (target: object) => Object.values(PARTS).some((part) => Reflect.hasMetadata(part, target));
  const target = declares(handler) ? handler : controller;
  return {
    roles: (Reflect.getMetadata(PARTS.roles, target) as readonly Role[] | undefined) ?? [],
    candidate: Reflect.hasMetadata(PARTS.candidate, target),
    operator: Reflect.hasMetadata(PARTS.operator, target),
    everyone: Reflect.hasMetadata(PARTS.everyone, target),
  };
}
