import { describe, expect, it } from '@jest/globals';
import type { OpenStore } from './harness.js';

export const describeFailures = (open: OpenStore): void => {
  describe('failures', () => {
    it('are known of each by itself, each of them, in order', async () => {
      const { failures } = await open();
      expect(await failures.since('192.0.2.7', 0)).toEqual([]);
      const moments = [3000, 1000, 2000, 2000];
      await Promise.all(moments.map((at) => failures.note('192.0.2.7', at, 9000)));
      await failures.note('192.0.2.8', 1500, 9000);
      expect(await failures.since('192.0.2.7', 0)).toEqual([1000, 2000, 2000, 3000]);
      expect(await failures.since('192.0.2.7', 1000)).toEqual([2000, 2000, 3000]);
    });

    it('are deleted when they expired, and the others kept', async () => {
      const { failures } = await open();
      await failures.note('192.0.2.7', 1000, 5000);
      await failures.note('192.0.2.7', 2000, 6000);
      expect(await failures.deleteExpired(5000)).toBe(1);
      expect(await failures.deleteExpired(5000)).toBe(0);
      expect(await failures.since('192.0.2.7', 0)).toEqual([2000]);
    });
  });
};
