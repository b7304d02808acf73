import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import type { OpsStore } from '#ops-store';
import { EmbeddedOpsStore } from '#ops-store/embedded/index.js';
import { SettableClock, VerbatimConfig } from '#platform';
import { Guesses, networkOf } from './guesses.js';

const MINUTE = 60_000;
const config = (limit: string) => new VerbatimConfig({ VERBATIM_SECRET: 's'.repeat(32), VERBATIM_RATE_LIMIT: limit });

let clock: SettableClock;
let ops: OpsStore;
let guesses: Guesses;

beforeEach(async () => {
  clock = new SettableClock();
  ops = await EmbeddedOpsStore.open({ secret: 's'.repeat(32) });
  guesses = new Guesses(config('on'), ops, clock);
});

afterEach(() => ops.close());

const guess = async (times: number, address = '10.0.0.1', at = guesses) => {
  for (let done = 0; done < times; done += 1) await at.noteWrong(address);
};
const isLockedOut = async (address = '10.0.0.1', at = guesses) => {
  try {
    await at.refuseLockedOut(address);
    return false;
  } catch (error) {
    expect(error).toMatchObject({ code: 'rate_limited', status: 429 });
    return true;
  }
};

describe('wrong keys', () => {
  it('lock their address out at the tenth, and no other', async () => {
    await guess(9);
    expect(await isLockedOut()).toBe(false);
    await guess(1);
    expect(await isLockedOut()).toBe(true);
    expect(await isLockedOut('10.0.0.2')).toBe(false);
  });

  it('lock out for ten minutes, and say how much is left', async () => {
    await guess(10);
    clock.advance(4 * MINUTE);
    await expect(guesses.refuseLockedOut('10.0.0.1')).rejects.toMatchObject({ retryAfter: 360 });
    clock.advance(6 * MINUTE - 1);
    expect(await isLockedOut()).toBe(true);
    clock.advance(1);
    expect(await isLockedOut()).toBe(false);
  });

  it('count for ten minutes each', async () => {
    await guess(9);
    clock.advance(10 * MINUTE);
    await guess(9);
    expect(await isLockedOut()).toBe(false);
    await guess(1);
    expect(await isLockedOut()).toBe(true);
  });

  it('lock nobody out where rate limits are off', async () => {
    guesses = new Guesses(config('off'), ops, clock);
    await guess(100);
    expect(await isLockedOut()).toBe(false);
  });

  it('at several processes count together, and a second later all of them lock out', async () => {
    const other = new Guesses(config('on'), ops, clock);
    expect([await isLockedOut(), await isLockedOut('10.0.0.1', other)]).toEqual([false, false]);
    await guess(5);
    await guess(5, '10.0.0.1', other);
    expect(await isLockedOut('10.0.0.1', other)).toBe(true);
    clock.advance(1000);
    expect(await isLockedOut()).toBe(true);
    expect(await isLockedOut('10.0.0.1', new Guesses(config('on'), ops, clock))).toBe(true);
  });

  it('that were asked about before the lock-out neither end nor lengthen it', async () => {
    await guess(12);
    clock.advance(10 * MINUTE - 1);
    expect(await isLockedOut()).toBe(true);
    clock.advance(1);
    expect(await isLockedOut()).toBe(false);
  });

  it('from one IPv6 network count together', async () => {
    await guess(5, '2001:db8:0:1::1');
    await guess(5, '2001:db8::1:ffff:0:0:9');
    expect(await isLockedOut('2001:0db8:0000:0001:1:2:3:4')).toBe(true);
    expect(await isLockedOut('2001:db8:0:2::1')).toBe(false);
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
