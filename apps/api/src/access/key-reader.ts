import type { KeyReader } from '#access';
import { type KeyPrincipal, seesNames } from '#platform';

/** Keys open a candidate's session: only who may give them out sees them (D18). */
export const keyReaderOf = (principal: KeyPrincipal): KeyReader => ({
  names: seesNames(principal),
  keys: principal.role === 'owner' || principal.role === 'admin',
});
