import { describe, expect, it } from '@jest/globals';
import type { Delivery } from '#ops-store';
import type { OpenStore } from './harness.js';

const delivery = (id: string, changes: Partial<Delivery> = {}): Delivery => ({
  id,
  orgId: 'org-1',
  kind: 'invite',
  subject: 'session:s-1',
  refs: { sessionId: 's-1', candidateId: 'c-1' },
  queue: null,
  state: 'pending',
  attempts: 0,
  nextAttemptAt: 1000,
  createdAt: 1000,
  sentAt: null,
  lastError: null,
  ...changes,
});

export const describeDeliveries = (open: OpenStore): void => {
  describe('deliveries', () => {
    it('keeps the first of an id: what was sent is not asked for again', async () => {
      const { deliveries } = await open();
      const added = await Promise.all(Array.from({ length: 10 }, () => deliveries.add(delivery('d-1'))));
      expect(added.filter(Boolean)).toHaveLength(1);
      await deliveries.update('d-1', { state: 'sent', attempts: 1, sentAt: 2000 });
      expect(await deliveries.add(delivery('d-1'))).toBe(false);
      expect(await deliveries.find('d-1')).toEqual(delivery('d-1', { state: 'sent', attempts: 1, sentAt: 2000 }));
      expect(await deliveries.find('d-2')).toBeUndefined();
    });

    it('changes what is named and leaves the rest, also back to null', async () => {
      const { deliveries } = await open();
      await deliveries.add(delivery('d-1'));
      await deliveries.update('d-1', { lastError: 'refused', nextAttemptAt: 5000 });
      await deliveries.update('d-1', { lastError: null });
      await deliveries.update('d-1', {});
      await deliveries.update('unknown', { attempts: 3 });
      expect(await deliveries.find('d-1')).toEqual(delivery('d-1', { nextAttemptAt: 5000 }));
    });

    it('hands out what is pending and due, the longest due first', async () => {
      const { deliveries } = await open();
      await deliveries.add(delivery('later', { nextAttemptAt: 3001 }));
      await deliveries.add(delivery('second', { nextAttemptAt: 3000 }));
      await deliveries.add(delivery('first', { nextAttemptAt: 2000 }));
      await deliveries.add(delivery('sent', { state: 'sent' }));
      await deliveries.add(delivery('failed', { state: 'failed' }));
      expect((await deliveries.due(3000, 10)).map(({ id }) => id)).toEqual(['first', 'second']);
      expect((await deliveries.due(3000, 1)).map(({ id }) => id)).toEqual(['first']);
    });

    it('lists one organization, newest first, a page at a time', async () => {
      const { deliveries } = await open();
      for (const [index, id] of ['a', 'b', 'c', 'd'].entries())
        await deliveries.add(delivery(id, { createdAt: 1000 + Math.min(index, 2) }));
      await deliveries.add(delivery('foreign', { orgId: 'org-2' }));
      const pages = [await deliveries.list('org-1', { limit: 3, offset: 0 })];
      pages.push(await deliveries.list('org-1', { limit: 3, offset: 3 }));
      expect(pages.map((page) => page.deliveries.map(({ id }) => id))).toEqual([['d', 'c', 'b'], ['a']]);
      expect(pages.map((page) => page.total)).toEqual([4, 4]);
    });

    it('lists what stands behind one, also when that one is gone', async () => {
      const { deliveries } = await open();
      for (const [index, id] of ['a', 'b', 'c', 'd'].entries())
        await deliveries.add(delivery(id, { createdAt: 1000 + Math.min(index, 2), subject: `session:${id}` }));
      const behind = async (createdAt: number, id: string) => {
        const page = await deliveries.list('org-1', { limit: 2, offset: 0, after: { createdAt, id } });
        return [page.deliveries.map((found) => found.id), page.total];
      };
      expect(await behind(1002, 'd')).toEqual([['c', 'b'], 4]);
      expect(await behind(1001, 'b')).toEqual([['a'], 4]);
      expect(await behind(1000, 'a')).toEqual([[], 4]);
      await deliveries.deleteFor('session:c');
      expect(await behind(1002, 'c')).toEqual([['b', 'a'], 3]);
    });

    const queued = (id: string, target: string, lane: string, place: string, changes: Partial<Delivery> = {}) =>
      delivery(id, { queue: { target, lane, place }, ...changes });

    it('keeps those that queue for a target apart, target by target', async () => {
      const { deliveries } = await open();
      const first = queued('first', 'hook-1', 'lane-1', '01', { nextAttemptAt: 2000 });
      await deliveries.add(delivery('mail'));
      await deliveries.add(first);
      await deliveries.add(queued('second', 'hook-1', 'lane-1', '02', { nextAttemptAt: 2500 }));
      await deliveries.add(queued('other', 'hook-2', 'lane-2', '01', { nextAttemptAt: 2500 }));
      await deliveries.add(queued('done', 'hook-3', 'lane-3', '01', { state: 'sent' }));
      expect((await deliveries.due(9000, 10)).map(({ id }) => id)).toEqual(['mail']);
      expect((await deliveries.due(9000, 10, 'hook-1')).map(({ id }) => id)).toEqual(['first', 'second']);
      expect(await deliveries.due(2000, 10, 'hook-1')).toEqual([first]);
      expect([...(await deliveries.dueTargets(9000, 10))].sort()).toEqual(['hook-1', 'hook-2']);
      expect(await deliveries.dueTargets(2000, 10)).toEqual(['hook-1']);
      expect(await deliveries.dueTargets(9000, 1)).toHaveLength(1);
    });

    it('knows which delivery of a lane goes first: the pending one of the lowest place, due or not', async () => {
      const { deliveries } = await open();
      await deliveries.add(queued('later', 'hook-1', 'lane-1', '0010'));
      await deliveries.add(queued('sent', 'hook-1', 'lane-1', '0001', { state: 'sent' }));
      await deliveries.add(queued('head', 'hook-1', 'lane-1', '0009', { nextAttemptAt: 9_000_000 }));
      await deliveries.add(queued('elsewhere', 'hook-1', 'lane-2', '0000'));
      expect((await deliveries.headOf('lane-1'))?.id).toBe('head');
      await deliveries.update('head', { state: 'failed' });
      expect((await deliveries.headOf('lane-1'))?.id).toBe('later');
      expect(await deliveries.headOf('lane-3')).toBeUndefined();
    });

    it('lists the log of one target by itself, and of one state where asked', async () => {
      const { deliveries } = await open();
      await deliveries.add(delivery('mail'));
      await deliveries.add(queued('a', 'hook-1', 'lane-1', '1', { createdAt: 1000, state: 'failed' }));
      await deliveries.add(queued('b', 'hook-1', 'lane-2', '2', { createdAt: 2000 }));
      await deliveries.add(queued('c', 'hook-2', 'lane-3', '3'));
      const page = { limit: 10, offset: 0 };
      const ids = async (more: object) =>
        (await deliveries.list('org-1', { ...page, ...more })).deliveries.map(({ id }) => id);
      expect(await ids({})).toEqual(['mail']);
      expect(await ids({ target: 'hook-1' })).toEqual(['b', 'a']);
      expect(await ids({ target: 'hook-1', state: 'failed' })).toEqual(['a']);
      expect((await deliveries.list('org-1', { ...page, target: 'hook-1', limit: 1 })).total).toBe(2);
      expect(await deliveries.list('org-2', { ...page, target: 'hook-1' })).toEqual({ deliveries: [], total: 0 });
    });

    it('forgets what concerns a subject, repeatably, and nothing else', async () => {
      const { deliveries } = await open();
      await deliveries.add(delivery('gone'));
      await deliveries.add(delivery('kept', { subject: 'session:s-2' }));
      await deliveries.deleteFor('session:s-1');
      await deliveries.deleteFor('session:s-1');
      expect(await deliveries.find('gone')).toBeUndefined();
      expect(await deliveries.find('kept')).toBeDefined();
    });
  });
};
