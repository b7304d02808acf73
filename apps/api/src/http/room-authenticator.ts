import { createHash, timingSafeEqual } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import { Credentials } from '#organizations';
import { type Principal, VerbatimConfig } from '#platform';
import { SessionTokens } from '#sessions';
import { Authenticator } from './authenticator.js';

/** Session tokens say by themselves whose they are, keys are known to the organizations room, the operator's to us. */
@Injectable()
export class RoomAuthenticator extends Authenticator {
  private readonly operator: Buffer | undefined;

  constructor(
    private readonly credentials: Credentials,
    private readonly tokens: SessionTokens,
    config: VerbatimConfig,
  ) {
    super();
    this.operator = config.operatorToken === undefined ? undefined : digest(config.operatorToken);
  }

  async authenticate(credential: string): Promise<Principal> {
    if (credential.startsWith('vst_')) return { kind: 'candidate', ...this.tokens.verify(credential) };
    if (this.operator && timingSafeEqual(this.operator, digest(credential))) return { kind: 'operator' };
    return this.credentials.resolve(credential);
  }
}

/** Of one length whatever was sent, so that comparing takes the same time. */
const digest = (text: string): Buffer => createHash('sha256').update(text).digest();
