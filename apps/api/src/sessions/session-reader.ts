import { type Principal, seesNames } from '#platform';
import type { SessionReader } from '#sessions';

/** Tokens open a candidate's session: only who may invite sees them (D18). A candidate sees its own name. */
export const readerOf = (principal: Principal): SessionReader => ({
  names: seesNames(principal) || principal.kind === 'candidate',
  tokens: principal.kind === 'key' && (principal.role === 'owner' || principal.role === 'admin'),
});
