import { Injectable } from '@nestjs/common';
import { LRUCache } from 'lru-cache';
import { OpsStore } from '#ops-store';
import { Clock, VerbatimConfig, VerbatimError } from '#platform';

const WRONG_KEYS = 10;
const WINDOW_MS = 10 * 60_000;
const LOCKED_MS = 10 * 60_000;
/** A wrong key may be the first of ten that lock out until then. */
const COUNTS_MS = WINDOW_MS + LOCKED_MS;
/** Addresses remembered, which saves asking the store. */
const ADDRESSES = 50_000;

/** What is known of an address is asked for again after this long: so much later another process's lock-out holds here. */
const FRESH_MS = 1000;

interface Known {
  /** Moments of wrong keys, in order. */
  readonly wrong: readonly number[];
  readonly at: number;
}

/**
 * Candidate keys are short enough to be typed, so guessing them is stopped where it comes from: ten wrong ones in ten minutes,
 * at whichever process, lock the address out for ten, for right ones too, or a guesser would learn which those are.
 */
@Injectable()
export class Guesses {
  private readonly known = new LRUCache<string, Known>({ max: ADDRESSES });

  constructor(
    private readonly config: VerbatimConfig,
    private readonly ops: OpsStore,
    private readonly clock: Clock,
  ) {}

  /** @throws VerbatimError rate_limited */
  async refuseLockedOut(address: string): Promise<void> {
    if (!this.config.rateLimit) return;
    const left = lockedUntil(await this.wrongOf(networkOf(address))) - this.clock.now();
    if (left > 0)
      throw new VerbatimError('rate_limited', 'Too many keys that are not valid came from this address.', {
        retryAfter: Math.ceil(left / 1000),
      });
  }

  async noteWrong(address: string): Promise<void> {
    if (!this.config.rateLimit) return;
    const network = networkOf(address);
    const now = this.clock.now();
    await this.ops.failures.note(network, now, now + COUNTS_MS);
    this.known.delete(network);
  }

  private async wrongOf(network: string): Promise<readonly number[]> {
    const now = this.clock.now();
    const known = this.known.get(network);
    if (known && now - known.at < FRESH_MS) return known.wrong;
    const wrong = await this.ops.failures.since(network, now - COUNTS_MS);
    this.known.set(network, { wrong, at: now });
    return wrong;
  }
}

/** 0: never. Those that came in while an address was locked out, asked before it was, lengthen nothing. */
const lockedUntil = (moments: readonly number[]): number => {
  let until = 0;
  let wrong: number[] = [];
  for (const moment of moments) {
    if (moment < until) continue;
    wrong = [...wrong.filter((earlier) => earlier > moment - WINDOW_MS), moment];
    if (wrong.length < WRONG_KEYS) continue;
    until = moment + LOCKED_MS;
    wrong = [];
  }
  return until;
};

/** One caller has the lower half of an IPv6 address to itself: every address in it counts as one. */
export const networkOf = (address: string): string => {
  if (!address.includes(':') || /^::ffff:\d+\./i.test(address)) return address.replace(/^::ffff:/i, '');
  const [head = '', tail] = address.split('::');
  const groups = head === '' ? [] : head.split(':');
  if (tail !== undefined) {
    const after = tail === '' ? [] : tail.split(':');
    groups.push(...Array.from({ length: Math.max(0, 8 - groups.length - after.length) }, () => '0'), ...after);
  }
  return groups
    .slice(0, 4)
    .map((group) => Number.parseInt(group, 16).toString(16))
    .join(':');
};
