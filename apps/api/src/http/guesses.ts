import { Injectable } from '@nestjs/common';
import { LRUCache } from 'lru-cache';
import { Clock, VerbatimConfig, VerbatimError } from '#platform';

const WRONG_KEYS = 10;
const WINDOW_MS = 10 * 60_000;
const LOCKED_MS = 10 * 60_000;
/** Addresses remembered; the one that guessed longest ago is forgotten first. */
const ADDRESSES = 50_000;

interface Guessing {
  /** Moments of the wrong keys that still count. */
  readonly wrong: readonly number[];
  readonly lockedUntil: number;
}

/**
 * Candidate keys are short enough to be typed, so guessing them is stopped where it comes from: ten wrong ones in ten minutes
 * lock the address out for ten, for right ones too, or a guesser would learn which those are. Of one process.
 */
@Injectable()
export class Guesses {
  private readonly byAddress = new LRUCache<string, Guessing>({ max: ADDRESSES });

  constructor(
    private readonly config: VerbatimConfig,
    private readonly clock: Clock,
  ) {}

  /** @throws VerbatimError rate_limited */
  refuseLockedOut(address: string): void {
    const { lockedUntil = 0 } = this.byAddress.get(networkOf(address)) ?? {};
    const left = lockedUntil - this.clock.now();
    if (left > 0)
      throw new VerbatimError('rate_limited', 'Too many keys that are not valid came from this address.', {
        retryAfter: Math.ceil(left / 1000),
      });
  }

  noteWrong(address: string): void {
    if (!this.config.rateLimit) return;
    const network = networkOf(address);
    const now = this.clock.now();
    const before = this.byAddress.get(network)?.wrong ?? [];
    const wrong = [...before.filter((moment) => moment > now - WINDOW_MS), now];
    const isLocked = wrong.length >= WRONG_KEYS;
    this.byAddress.set(network, isLocked ? { wrong: [], lockedUntil: now + LOCKED_MS } : { wrong, lockedUntil: 0 });
  }
}

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
