import { createHmac } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import { OpsStore } from '#ops-store';
import { VerbatimConfig } from '#platform';

/** What a key must look like; those we make have 43 characters after the prefix. */
const KEY_PATTERN = /^gai_[A-Za-z0-9_-]{20,}$/;
/** Kept sealed in the operational store: what all keys made here follow from. */
const MADE_KEYS = 'api-keys';
const PREFIX_LENGTH = 12;

/**
 * Makes API keys and the HMAC that stands for them everywhere. A key is shown once and stored nowhere; it follows from its id
 * and a secret of the operational store, so that a request whose answer was lost in a crash is answered with the same key.
 */
@Injectable()
export class KeySecrets {
  constructor(
    private readonly ops: OpsStore,
    private readonly config: VerbatimConfig,
  ) {}

  async make(keyId: string): Promise<string> {
    const secret = await this.ops.salts.obtain(MADE_KEYS);
    return this.keyOf(createHmac('sha256', secret).update('api key\0').update(keyId).digest());
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
