import { randomUUID } from 'node:crypto';
import { describe, expect, it } from '@jest/globals';
import type { DataKey, Subject } from '#ops-store';
import type { OpenStore } from './harness.js';

const newSubject = (): Subject => `session:${randomUUID()}`;

const live = (key: DataKey | undefined): Buffer => {
  if (key?.state !== 'live') throw new Error(`Expected a live key, found ${key?.state ?? 'none'}.`);
  return key.key;
};

export const describeDataKeys = (open: OpenStore): void => {
  describe('data keys', () => {
    it('makes a key of 256 bits, the same one every time, another one for each subject', async () => {
      const { keys } = await open();
      const [one, two] = [newSubject(), newSubject()];
      const key = live(await keys.obtain(one));
      expect(key).toHaveLength(32);
      expect(live(await keys.obtain(one))).toEqual(key);
      expect(live(await keys.find(one))).toEqual(key);
      expect(live(await keys.obtain(two))).not.toEqual(key);
    });

    it('finds nothing for a subject that never had a key, and does not make one by looking', async () => {
      const { keys } = await open();
      const subject = newSubject();
      expect(await keys.find(subject)).toBeUndefined();
      expect(await keys.find(subject)).toBeUndefined();
    });

    it('gives fifty who ask at once the same key', async () => {
      const { keys } = await open();
      const subject = newSubject();
      const obtained = await Promise.all(Array.from({ length: 50 }, () => keys.obtain(subject)));
      const texts = new Set(obtained.map((key) => live(key).toString('hex')));
      expect(texts.size).toBe(1);
      expect(live(await keys.find(subject)).toString('hex')).toBe([...texts][0]);
    });

    it('never opens or makes a destroyed key again', async () => {
      const { keys } = await open();
      const subject = newSubject();
      await keys.obtain(subject);
      await keys.destroy(subject);
      await keys.destroy(subject);
      expect(await keys.find(subject)).toEqual({ state: 'destroyed' });
      expect(await keys.obtain(subject)).toEqual({ state: 'destroyed' });
    });

    it('destroys ahead of time: a subject without a key never gets one', async () => {
      const { keys } = await open();
      const subject = newSubject();
      await keys.destroy(subject);
      expect(await keys.obtain(subject)).toEqual({ state: 'destroyed' });
    });

    it('leaves other subjects their keys', async () => {
      const { keys } = await open();
      const [gone, kept] = [newSubject(), newSubject()];
      const key = live(await keys.obtain(kept));
      await keys.obtain(gone);
      await keys.destroy(gone);
      expect(live(await keys.find(kept))).toEqual(key);
    });

    it('ends destroyed however obtaining and destroying race', async () => {
      const { keys } = await open();
      for (let round = 0; round < 10; round += 1) {
        const subject = newSubject();
        await Promise.all([keys.obtain(subject), keys.destroy(subject), keys.obtain(subject), keys.find(subject)]);
        expect(await keys.obtain(subject)).toEqual({ state: 'destroyed' });
      }
    });
  });

  describe('salts', () => {
    it('makes 32 bytes, the same for all who ask, others for another name', async () => {
      const { salts } = await open();
      const obtained = await Promise.all(Array.from({ length: 20 }, () => salts.obtain('email-org-1')));
      expect(new Set(obtained.map((salt) => salt.toString('hex'))).size).toBe(1);
      expect(obtained[0]).toHaveLength(32);
      expect(await salts.obtain('email-org-2')).not.toEqual(obtained[0]);
    });
  });
};
