import { createHash, timingSafeEqual } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import type { KeyBearer } from '#access';
import { Credentials } from '#organizations';
import { type Principal, VerbatimConfig, VerbatimError } from '#platform';
import { SessionTokens } from '#sessions';
import { Authenticator } from '../http/authenticator.js';
import { KeyGate } from './key-gate.js';

/** Asks the room that gave the credential out: keys the organizations, session tokens the sessions, candidate keys the access. */
@Injectable()
export class RoomAuthenticator extends Authenticator {
  constructor(
    private readonly credentials: Credentials,
    private readonly tokens: SessionTokens,
    private readonly gate: KeyGate,
    private readonly config: VerbatimConfig,
  ) {
    super();
  }

  async authenticate(credential: string, address: string): Promise<Principal> {
    if (credential.startsWith('vst_')) return { kind: 'candidate', ...this.tokens.verify(credential) };
    if (credential.startsWith('gai_')) return this.credentials.resolve(credential);
    if (/^pst-/i.test(credential)) return this.gate.admit(credential, address);
    if (this.config.operatorToken !== undefined && isSame(credential, this.config.operatorToken))
      return { kind: 'operator' };
    throw new VerbatimError(
      'unauthenticated',
      'This credential is of no known kind: use an API key (gai_…), a session token (vst_…) or a candidate key (PST-…).',
    );
  }

  authenticateKey(key: string, address: string): Promise<KeyBearer> {
    return this.gate.admit(key, address);
  }
}

/** Digests have one length, so the comparison tells nothing of the token's. */
const isSame = (given: string, wanted: string): boolean => timingSafeEqual(digest(given), digest(wanted));

const digest = (text: string): Buffer => createHash('sha256').update(text).digest();
