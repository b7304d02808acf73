import type { Principal } from '#platform';

/** Tells who a credential belongs to. */
export abstract class Authenticator {
  /** @throws VerbatimError 401: invalid_api_key | key_expired | key_revoked | session_token_invalid */
  abstract authenticate(credential: string): Promise<Principal>;
}
