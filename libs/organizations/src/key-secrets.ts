import { createHmac } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import { Ids, VerbatimConfig } from '#platform';

/** What a key must look like; those we make have 43 characters after the prefix. */
const KEY_PATTERN = /^gai_[A-Za-z0-9_-]{20,}$/;
const SECRET_BYTES = 32;
const PREFIX_LENGTH = 12;

/**
 * Makes API keys and the HMAC that stands for them everywhere: a key is shown once and stored nowhere (but see `FirstStart`
 * for the first of all).
 */
@Injectable()
export class KeySecrets {
  constructor(
    private readonly ids: Ids,
    private readonly config: VerbatimConfig,
  ) {}

  make(): string {
    return this.keyOf(this.ids.secret(SECRET_BYTES));
  }

  keyOf(secret: Buffer): string {
    return `gai_${secret.toString('base64url')}`;
  }

  isShaped(key: string): boolean {
    return KEY_PATTERN.test(key);
  }

  /** Names the credential stream. The words in front keep it apart from whatever else the secret signs. */
  credentialOf(key: string): string {
    return createHmac('sha256', this.config.secret).update('credential\0').update(key).digest('hex');
  }

  prefixOf(key: string): string {
    return key.slice(0, PREFIX_LENGTH);
  }
}
