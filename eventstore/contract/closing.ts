import { describe, expect, it } from '@jest/globals';
import type { EventStore } from '#event-store';
import { events, ownPrefix } from './given.js';

export function describeClosing(make: () => Promise<EventStore>): void {
  describe('closing', () => {
    it('answers what is in flight, refuses what comes after, and ends its subscriptions', async () => {
      const store = await make();
      const subscription = store.subscribe({ after: 'end' })[Symbol.asyncIterator]();
      await subscription.next();
      const waiting = subscription.next();
      const stream = `${ownPrefix()}a`;
      const inFlight = [
        store.append(stream, 'no_stream', events(2)),
        store.append(stream, 1n, events(1)),
        store.readStream(stream, { limit: 1 }),
      ];
      await store.close();
      await store.close();
      const [first, second] = await Promise.all(inFlight);
      expect([first, second]).toMatchObject([{ revision: 1n }, { revision: 2n }]);
      expect((await waiting).done === true || (await subscription.next()).done).toBe(true);
      const refused = { code: 'unavailable' };
      await expect(store.append(stream, 2n, events(1))).rejects.toMatchObject(refused);
      await expect(store.readStream(stream, { limit: 1 })).rejects.toMatchObject(refused);
      await expect(store.readAll({ limit: 1 })).rejects.toMatchObject(refused);
      await expect(store.head()).rejects.toMatchObject(refused);
    });
  });
}
