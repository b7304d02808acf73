import { createHmac, timingSafeEqual } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import { LRUCache } from 'lru-cache';
import { parse, stringify } from 'uuid';
import { VerbatimConfig, VerbatimError } from '#platform';

export interface SessionTokenBearer {
  readonly orgId: string;
  readonly sessionId: string;
}

const PREFIX = 'vst_';
/** Part of what is signed: raising it makes every token given out so far invalid. */
const VERSION = 1;
const ID_BYTES = 16;
const MAC_BYTES = 32;
/** Workspaces at work at the same time: a candidate's batches come with the same token every few seconds. */
const KNOWN = 5_000;
const TEXT_LENGTH = Math.ceil(((2 * ID_BYTES + MAC_BYTES) * 8) / 6);

/**
 * The candidate's credential: `vst_` + base64url(organization id ‖ session id ‖ HMAC(secret, both ‖ version)).
 * It is never stored: whoever holds the secret can make it again, and it says by itself whose session it opens.
 */
@Injectable()
export class SessionTokens {
  /** A genuine token stays one as long as the process lives, whatever becomes of its session. */
  private readonly genuine = new LRUCache<string, SessionTokenBearer>({ max: KNOWN });

  constructor(private readonly config: VerbatimConfig) {}

  issue(orgId: string, sessionId: string): string {
    const ids = Buffer.concat([parse(orgId), parse(sessionId)]);
    return PREFIX + Buffer.concat([ids, this.mac(ids)]).toString('base64url');
  }

  /** @throws VerbatimError session_token_invalid */
  verify(token: string): SessionTokenBearer {
    const known = this.genuine.get(token);
    if (known) return known;
    const bearer = this.read(token);
    this.genuine.set(token, bearer);
    return bearer;
  }

  private read(token: string): SessionTokenBearer {
    const text = token.startsWith(PREFIX) ? token.slice(PREFIX.length) : '';
    const bytes = Buffer.from(text, 'base64url');
    // The decoder skips what is not base64url and drops spare bits: only the one spelling that `issue` makes is a token.
    const genuine = text.length === TEXT_LENGTH && bytes.toString('base64url') === text;
    const ids = bytes.subarray(0, 2 * ID_BYTES);
    if (!genuine || !timingSafeEqual(bytes.subarray(2 * ID_BYTES), this.mac(ids)))
      throw new VerbatimError(
        'session_token_invalid',
        'This session token is not valid. Use the link of the invitation.',
      );
    return { orgId: stringify(ids.subarray(0, ID_BYTES)), sessionId: stringify(ids.subarray(ID_BYTES)) };
  }

  private mac(ids: Uint8Array): Buffer {
    return createHmac('sha256', this.config.secret)
      .update('session token')
      .update(ids)
      .update(Buffer.of(VERSION))
      .digest();
  }
}
