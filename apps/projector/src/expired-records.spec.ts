import { setTimeout as delay } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { Logger } from '@nestjs/common';
import type { OpsStore } from '#ops-store';
import { EmbeddedOpsStore } from '#ops-store/embedded/index.js';
import { SettableClock } from '#platform';
import { until } from '#platform/testing/until.js';
import { ExpiredRecords } from './expired-records.js';

Logger.overrideLogger(false);

const DAY = 86_400_000;

describe('answers kept for repeated requests', () => {
  const clock = new SettableClock();
  let ops: OpsStore;
  let expiry: ExpiredRecords;
  /** How many each round deleted. */
  let rounds: number[];
  let failures: number;

  beforeEach(async () => {
    rounds = [];
    failures = 0;
    ops = await EmbeddedOpsStore.open({ secret: 'a secret for specs, as long as secrets must be' });
    const deleteExpired = async (now: number): Promise<number> => {
      if (failures-- > 0) throw new Error('no room');
      const deleted = await ops.idempotency.deleteExpired(now);
      rounds.push(deleted);
      return deleted;
    };
    expiry = new ExpiredRecords([{ deleteExpired }, ops.failures], clock, 5);
  });
  afterEach(async () => {
    await expiry.stop();
    await ops.close();
  });

  const answer = async (key: string): Promise<void> => {
    const request = { scope: 'org', key, fingerprint: key, now: clock.now() };
    const start = await ops.idempotency.begin({ ...request, lockUntil: clock.now() + 1000 });
    if (start.outcome !== 'started') throw new Error(start.outcome);
    await ops.idempotency.finish({ ...request, token: start.token, answer: { status: 200, headers: {}, body: '' } });
  };
  const deleted = (): number => rounds.reduce((sum, count) => sum + count, 0);

  it('are deleted at the start when they expired while nobody looked, the others kept', async () => {
    await answer('old');
    clock.advance(DAY);
    await answer('new');
    expiry.start();
    await expiry.stop();
    expect(rounds).toEqual([1]);
  });

  it('are deleted time and again while it runs, and no more once it has stopped', async () => {
    expiry.start();
    expiry.start();
    await answer('first');
    clock.advance(DAY);
    await until(() => deleted() === 1);
    await answer('second');
    clock.advance(DAY);
    await until(() => deleted() === 2);
    await expiry.stop();
    const whenStopped = rounds.length;
    await delay(50);
    expect(rounds).toHaveLength(whenStopped);
    expiry.start();
    await until(() => rounds.length > whenStopped);
  });

  it('are looked for again after a store that failed', async () => {
    await answer('old');
    clock.advance(DAY);
    failures = 2;
    expiry.start();
    await until(() => deleted() === 1);
  });
});
