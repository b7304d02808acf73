import { describe, expect, it } from '@jest/globals';
import type { Subject } from '#ops-store';
import type { OpenStore } from './harness.js';

const subject: Subject = 'session:5d1f0c9a-0000-4000-8000-000000000001';
const destroyed: Subject = 'session:5d1f0c9a-0000-4000-8000-000000000002';

/** For stores that outlive the process. */
export const describeDurability = (open: OpenStore): void => {
  describe('opened again', () => {
    it('knows everything it acknowledged', async () => {
      const before = await open();
      const key = await before.keys.obtain(subject);
      const salt = await before.salts.obtain('salt');
      const { artifactId } = await before.artifacts.put(subject, Buffer.from('content'));
      await before.checkpoints.save('mail', 42n);
      before.lastUse.touch('key-1', 1000);
      before.lastUse.touch('key-1', 2000);
      const request = { scope: 's', key: 'k', fingerprint: 'f', now: 0, lockUntil: 1000 };
      const start = await before.idempotency.begin(request);
      if (start.outcome !== 'started') throw new Error(start.outcome);
      const answer = { status: 200, headers: {}, body: 'b' };
      await before.idempotency.finish({ ...request, token: start.token, answer, subject });
      await before.close();

      const after = await open();
      expect(await after.keys.find(subject)).toEqual(key);
      expect(await after.salts.obtain('salt')).toEqual(salt);
      expect((await after.artifacts.get(subject, artifactId))?.toString()).toBe('content');
      expect(await after.checkpoints.load('mail')).toBe(42n);
      expect(await after.lastUse.find(['key-1'])).toEqual(new Map([['key-1', 2000]]));
      expect(await after.idempotency.begin(request)).toEqual({ outcome: 'answered', answer });
    });

    it('keeps destroyed keys destroyed', async () => {
      const before = await open();
      await before.keys.obtain(destroyed);
      await before.keys.destroy(destroyed);
      await before.close();
      const after = await open();
      expect(await after.keys.obtain(destroyed)).toEqual({ state: 'destroyed' });
    });

    it('refuses another secret, and still opens with its own', async () => {
      const before = await open();
      const key = await before.keys.obtain(subject);
      await before.close();
      await expect(open('another secret, as long as a secret must be')).rejects.toMatchObject({ code: 'wrong_secret' });
      const after = await open();
      expect(await after.keys.find(subject)).toEqual(key);
    });
  });
};
