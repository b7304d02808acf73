/** What a key may do; the table is contract §1.9. */
export const ROLES = ['owner', 'admin', 'reviewer', 'auditor', 'scorer', 'runtime'] as const;
export type Role = (typeof ROLES)[number];

export interface KeyPrincipal {
  readonly kind: 'key';
  readonly orgId: string;
  readonly keyId: string;
  readonly name: string;
  readonly role: Role;
  /** An auditor's key made with `pii:true` sees names and e-mails. */
  readonly pii: boolean;
}

/** A candidate at work, by session token or by a key (PST-…). */
export interface CandidatePrincipal {
  readonly kind: 'candidate';
  readonly orgId: string;
  /** The candidate's own; a key that was not redeemed yet names the session it will open. */
  readonly sessionId: string;
  /** By key: which one, and of which assessment. */
  readonly keyId?: string;
  readonly assessmentId?: string;
}

/** The holder of VERBATIM_OPERATOR_TOKEN. */
export interface OperatorPrincipal {
  readonly kind: 'operator';
}

export type Principal = KeyPrincipal | CandidatePrincipal | OperatorPrincipal;

/** Scorers are blind; auditors too unless their key was made with `pii:true`. */
export const seesNames = (principal: Principal): boolean =>
  principal.kind === 'key' &&
  (principal.role === 'owner' ||
    principal.role === 'admin' ||
    principal.role === 'reviewer' ||
    (principal.role === 'auditor' && principal.pii));
