import { Writable } from 'node:stream';
import { status } from '@grpc/grpc-js';
import {
  accessDenied,
  addressOf,
  type Caller,
  credentialsOf,
  type Gate,
  NodeError,
  type Rights,
  unauthenticated,
} from '#event-store/node/index.js';
import { Credentials } from '#organizations';
import { isVerbatimError, type KeyPrincipal, type Role, VerbatimConfig } from '#platform';
import { FEED_KINDS, type FeedKind, feedPrefixes } from '#sessions';
import { networkOf } from '../http/guesses.js';
import { RateLimits } from '../http/rate-limits.js';

/** What of their organization's log the holders of which keys may read: what `GET /v1/events` shows them. */
const KINDS: Partial<Record<Role, readonly FeedKind[]>> = {
  owner: FEED_KINDS,
  admin: FEED_KINDS,
  auditor: FEED_KINDS,
  // A scorer is blind: it follows sessions alone, which hold no name.
  scorer: ['session'],
};

/** How long a key that was revoked may still be followed by. */
const LOOK_AGAIN_MS = 1_000;

interface Watch {
  readonly key: string;
  readonly ended: AbortController;
  calls: number;
}

/** Users of the event store's own protocol: the user is a key's id, the password the key itself. */
export class ApiKeyGate implements Gate {
  private readonly limits: RateLimits | undefined;
  /** Keys by which somebody listens now, by their ids. */
  private readonly watched = new Map<string, Watch>();
  private timer: NodeJS.Timeout | undefined;

  constructor(
    private readonly credentials: Credentials,
    config: VerbatimConfig,
  ) {
    this.limits = config.rateLimit ? new RateLimits() : undefined;
  }

  async admit(caller: Caller): Promise<Rights> {
    const given = credentialsOf(caller);
    if (!given) throw accessDenied();
    const principal = await this.resolve(given.password);
    if (principal?.keyId !== given.user) throw await this.refusal(addressOf(caller));
    const kinds = KINDS[principal.role];
    if (!kinds) throw accessDenied();
    return {
      user: principal.keyId,
      mayWrite: false,
      prefixes: feedPrefixes(principal.orgId, kinds),
      // Other calls are over before anything could have changed.
      ended: caller instanceof Writable ? this.watch(principal.keyId, given.password, caller) : undefined,
    };
  }

  /** Nobody is listening any more. */
  close(): void {
    clearInterval(this.timer);
    this.watched.clear();
  }

  /** Undefined for a key that does not hold (any more). */
  private async resolve(key: string): Promise<KeyPrincipal | undefined> {
    try {
      return await this.credentials.resolve(key);
    } catch (error) {
      if (isVerbatimError(error, 'invalid_api_key', 'key_revoked', 'key_expired')) return undefined;
      throw error;
    }
  }

  /** Wrong passwords share their address's budget, as wrong keys do over HTTP. */
  private async refusal(address: string): Promise<NodeError> {
    const verdict = await this.limits?.ofAddress(networkOf(address));
    if (verdict?.allowed ?? true) return unauthenticated();
    return new NodeError(
      status.RESOURCE_EXHAUSTED,
      `Too many wrong passwords came from this address: try again in ${verdict?.retryAfter} s.`,
    );
  }

  private watch(keyId: string, key: string, caller: Caller): AbortSignal {
    const watch = this.watched.get(keyId) ?? { key, ended: new AbortController(), calls: 0 };
    this.watched.set(keyId, watch);
    watch.calls += 1;
    let isOver = false;
    const over = (): void => {
      if (isOver) return;
      isOver = true;
      watch.calls -= 1;
      if (watch.calls === 0 && this.watched.get(keyId) === watch) this.watched.delete(keyId);
    };
    caller.once('close', over);
    caller.once('cancelled', over);
    this.timer ??= setInterval(() => void this.lookAgain(), LOOK_AGAIN_MS).unref();
    return watch.ended.signal;
  }

  private async lookAgain(): Promise<void> {
    for (const [keyId, watch] of this.watched) {
      // What cannot be looked up now is looked up the next time.
      const holds = await this.resolve(watch.key).then(
        (principal) => principal !== undefined,
        () => true,
      );
      if (holds) continue;
      this.watched.delete(keyId);
      watch.ended.abort();
    }
  }
}
