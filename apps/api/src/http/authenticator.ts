import type { CandidatePrincipal, Principal } from '#platform';

/** Tells who a credential belongs to. */
export abstract class Authenticator {
  /**
   * @param address where the request came from: whoever guesses candidate keys is locked out
   * @throws VerbatimError 401: invalid_api_key | key_expired | key_revoked | session_token_invalid | invalid_key; 429 rate_limited
   */
  abstract authenticate(credential: string, address: string): Promise<Principal>;

  /** Of text that can only be meant as a candidate's key. @throws VerbatimError invalid_key | rate_limited */
  abstract authenticateKey(key: string, address: string): Promise<KeyBearingCandidate>;
}

export type KeyBearingCandidate = CandidatePrincipal & { readonly keyId: string; readonly assessmentId: string };
