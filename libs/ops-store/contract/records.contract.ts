import { setTimeout as wait } from 'node:timers/promises';
import { describe, expect, it } from '@jest/globals';
import type { OpenStore } from './harness.js';

export const describeRecords = (open: OpenStore): void => {
  describe('checkpoints', () => {
    it('knows none at first, then the furthest, beyond what a number holds', async () => {
      const { checkpoints } = await open();
      expect(await checkpoints.load('mail')).toBeUndefined();
      await checkpoints.save('mail', 0n);
      expect(await checkpoints.load('mail')).toBe(0n);
      await checkpoints.save('mail', 9_007_199_254_740_993n);
      expect(await checkpoints.load('mail')).toBe(9_007_199_254_740_993n);
      expect(await checkpoints.load('other')).toBeUndefined();
    });

    it('never moves one backwards', async () => {
      const { checkpoints } = await open();
      await Promise.all([7n, 3n, 9n, 1n].map((position) => checkpoints.save('mail', position)));
      await checkpoints.save('mail', 8n);
      expect(await checkpoints.load('mail')).toBe(9n);
    });
  });

  describe('last use', () => {
    it('finds the newest moment at once, whatever order they came in', async () => {
      const { lastUse } = await open();
      lastUse.touch('key-1', 5000);
      lastUse.touch('key-1', 7000);
      lastUse.touch('key-1', 6000);
      lastUse.touch('key-2', 1000);
      expect(await lastUse.find(['key-1', 'key-2', 'never used'])).toEqual(
        new Map([
          ['key-1', 7000],
          ['key-2', 1000],
        ]),
      );
      expect(await lastUse.find([])).toEqual(new Map());
    });
  });

  describe('leases', () => {
    it('belongs to one of many who ask at once', async () => {
      const { leases } = await open();
      const holders = Array.from({ length: 20 }, (_, index) => `holder-${index}`);
      const taken = await Promise.all(holders.map((holder) => leases.acquire('projector', holder, 60_000)));
      expect(taken.filter(Boolean)).toHaveLength(1);
    });

    it('is renewed by its holder and refused to others, each name by itself', async () => {
      const { leases } = await open();
      expect(await leases.acquire('projector', 'a', 60_000)).toBe(true);
      expect(await leases.acquire('projector', 'a', 60_000)).toBe(true);
      expect(await leases.acquire('projector', 'b', 60_000)).toBe(false);
      expect(await leases.acquire('scheduler', 'b', 60_000)).toBe(true);
    });

    it('is free when it lapsed', async () => {
      const { leases } = await open();
      await leases.acquire('projector', 'a', 1);
      await wait(20);
      expect(await leases.acquire('projector', 'b', 60_000)).toBe(true);
      expect(await leases.acquire('projector', 'a', 60_000)).toBe(false);
    });

    it('is given back by its holder and by nobody else', async () => {
      const { leases } = await open();
      await leases.acquire('projector', 'a', 60_000);
      await leases.release('projector', 'b');
      expect(await leases.acquire('projector', 'b', 60_000)).toBe(false);
      await leases.release('projector', 'a');
      expect(await leases.acquire('projector', 'b', 60_000)).toBe(true);
    });
  });
};
