import { RateLimiterMemory, RateLimiterRes } from 'rate-limiter-flexible';
import type { Principal } from '#platform';

/** What a limiter says about one request: the answer's RateLimit headers. */
export interface RateVerdict {
  readonly allowed: boolean;
  /** Requests a minute. */
  readonly limit: number;
  readonly burst: number | undefined;
  readonly remaining: number;
  /** Seconds until all is as if nothing had been asked. */
  readonly reset: number;
  /** Seconds to wait when not allowed. */
  readonly retryAfter: number;
}

export interface RateLimitSettings {
  readonly credential: { readonly perMinute: number; readonly burst: number };
  readonly address: { readonly perMinute: number };
}

const DEFAULT_RATE_LIMITS: RateLimitSettings = {
  credential: { perMinute: 600, burst: 200 },
  address: { perMinute: 60 },
};

const MINUTE_SECONDS = 60;

/**
 * Limits of one process. A credential has its steady rate, second by second, and on top a burst that fills again each
 * minute; requests without a valid credential share their address's budget.
 */
export class RateLimits {
  private readonly steady: RateLimiterMemory;
  private readonly burst: RateLimiterMemory;
  private readonly address: RateLimiterMemory;

  constructor(private readonly settings: RateLimitSettings = DEFAULT_RATE_LIMITS) {
    const { credential, address } = settings;
    this.steady = new RateLimiterMemory({ points: Math.ceil(credential.perMinute / MINUTE_SECONDS), duration: 1 });
    this.burst = new RateLimiterMemory({ points: credential.burst, duration: MINUTE_SECONDS });
    this.address = new RateLimiterMemory({ points: address.perMinute, duration: MINUTE_SECONDS });
  }

  async ofCredential(principal: Principal): Promise<RateVerdict> {
    const key = credentialName(principal);
    const steady = await consume(this.steady, key);
    const burst = steady.allowed ? await look(this.burst, key) : await consume(this.burst, key);
    return {
      allowed: steady.allowed || burst.allowed,
      limit: this.settings.credential.perMinute,
      burst: this.settings.credential.burst,
      remaining: steady.result.remainingPoints + burst.result.remainingPoints,
      reset: seconds(Math.max(steady.result.msBeforeNext, burst.result.msBeforeNext)),
      retryAfter: seconds(steady.result.msBeforeNext),
    };
  }

  async ofAddress(address: string): Promise<RateVerdict> {
    const { allowed, result } = await consume(this.address, address);
    const wait = seconds(result.msBeforeNext);
    return {
      allowed,
      limit: this.settings.address.perMinute,
      burst: undefined,
      remaining: result.remainingPoints,
      reset: wait,
      retryAfter: wait,
    };
  }
}

export function credentialName(principal: Principal): string {
  switch (principal.kind) {
    case 'key':
      return `key:${principal.keyId}`;
    case 'candidate':
      return `session:${principal.sessionId}`;
    case 'operator':
      return 'operator';
  }
}

interface Consumed {
  readonly allowed: boolean;
  readonly result: RateLimiterRes;
}

async function consume(limiter: RateLimiterMemory, key: string): Promise<Consumed> {
  try {
    return { allowed: true, result: await limiter.consume(key) };
  } catch (refusal) {
    if (refusal instanceof RateLimiterRes) return { allowed: false, result: refusal };
    throw refusal;
  }
}

const look = async (limiter: RateLimiterMemory, key: string): Promise<Consumed> => ({
  allowed: true,
  result: (await limiter.get(key)) ?? new RateLimiterRes(limiter.points, 0),
});

const seconds = (milliseconds: number): number => Math.max(1, Math.ceil(milliseconds / 1000));
