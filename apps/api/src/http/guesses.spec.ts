import { beforeEach, describe, expect, it } from '@jest/globals';
import { SettableClock, VerbatimConfig } from '#platform';
import { Guesses, networkOf } from './guesses.js';

const MINUTE = 60_000;
const config = (limit: string) => new VerbatimConfig({ VERBATIM_SECRET: 's'.repeat(32), VERBATIM_RATE_LIMIT: limit });

let clock: SettableClock;
let guesses: Guesses;

beforeEach(() => {
  clock = new SettableClock();
  guesses = new Guesses(config('on'), clock);
});

const guess = (times: number, address = '10.0.0.1') => {
  for (let at = 0; at < times; at += 1) guesses.noteWrong(address);
};
const isLockedOut = (address = '10.0.0.1') => {
  try {
    guesses.refuseLockedOut(address);
    return false;
  } catch (error) {
    expect(error).toMatchObject({ code: 'rate_limited', status: 429 });
    return true;
  }
};

describe('wrong keys', () => {
  it('lock their address out at the tenth, and no other', () => {
    guess(9);
    expect(isLockedOut()).toBe(false);
    guess(1);
    expect(isLockedOut()).toBe(true);
    expect(isLockedOut('10.0.0.2')).toBe(false);
  });

  it('lock out for ten minutes, and say how much is left', () => {
    guess(10);
    clock.advance(4 * MINUTE);
    expect(() => guesses.refuseLockedOut('10.0.0.1')).toThrow(expect.objectContaining({ retryAfter: 360 }));
    clock.advance(6 * MINUTE - 1);
    expect(isLockedOut()).toBe(true);
    clock.advance(1);
    expect(isLockedOut()).toBe(false);
  });

  it('count for ten minutes each', () => {
    guess(9);
    clock.advance(10 * MINUTE);
    guess(9);
    expect(isLockedOut()).toBe(false);
    guess(1);
    expect(isLockedOut()).toBe(true);
  });

  it('lock nobody out where rate limits are off', () => {
    guesses = new Guesses(config('off'), clock);
    guess(100);
    expect(isLockedOut()).toBe(false);
  });

  it('from one IPv6 network count together', () => {
    guess(5, '2001:db8:0:1::1');
    guess(5, '2001:db8::1:ffff:0:0:9');
    expect(isLockedOut('2001:0db8:0000:0001:1:2:3:4')).toBe(true);
    expect(isLockedOut('2001:db8:0:2::1')).toBe(false);
  });
});

it.each([
  ['192.0.2.7', '192.0.2.7'],
  ['::ffff:192.0.2.7', '192.0.2.7'],
  ['::1', '0:0:0:0'],
  ['2001:db8::', '2001:db8:0:0'],
  ['2001:db8:1:2:3:4:5:6', '2001:db8:1:2'],
])('the network of %s is %s', (address, network) => {
  expect(networkOf(address)).toBe(network);
});
