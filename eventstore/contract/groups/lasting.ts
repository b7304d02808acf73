import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { ownPrefix } from '../given.js';
import { type Given, idsOf } from './given.js';

export function describeLasting(given: () => Promise<Given>, reopen: (test: Given) => Promise<void>): void {
  describe('lasting', () => {
    it('keeps its place, its retries and its parked events when it is closed and opened again', async () => {
      const test = await given();
      await test.ensure();
      const written = await test.events(4);
      const consumer = test.consumer();
      const held = await consumer.take(4);
      await held[0]!.ack();
      await held[2]!.ack();
      await held[3]!.park('later');
      await reopen(test);
      expect((await consumer.deliveries.next()).done).toBe(true);
      await test.ensure();
      const [fresh] = await test.events(1);
      const next = test.consumer();
      const again = await next.take(2);
      expect(new Set(idsOf(again))).toEqual(new Set([written[1], fresh]));
      expect(again.find(({ event }) => event.id === written[1])!.retries).toBeGreaterThan(0);
      expect((await test.parked()).map(({ event, reason }) => [event.id, reason])).toEqual([[written[3], 'later']]);
      await next.leave();
    });

    it("honours 'after' the first time only, and takes up other settings without losing its place", async () => {
      const test = await given();
      await test.ensure();
      await test.events(2);
      const consumer = test.consumer();
      await consumer.finish(2);
      await consumer.leave();
      const added = `${test.type}_added`;
      await test.ensure({ after: 'end', types: [test.type, added], maxRetries: 0 });
      await test.ensure({ after: 'start', types: [test.type, added], maxRetries: 0 });
      expect(new Set((await test.status())!.types)).toEqual(new Set([test.type, added]));
      const [old] = await test.events(1);
      const [other] = await test.events(1, added);
      const next = test.consumer();
      expect(await next.finish(2)).toEqual([old, other]);
      await next.leave();
    });

    it('takes up other types with what it has parked', async () => {
      const test = await given();
      await test.ensure();
      const written = await test.events(2);
      const consumer = test.consumer();
      for (const delivery of await consumer.take(2)) await delivery.park('later');
      await consumer.leave();
      const added = `${test.type}_added`;
      await test.ensure({ types: [test.type, added] });
      expect((await test.parked()).map(({ event, reason }) => [event.id, reason])).toEqual(
        written.map((id) => [id, 'later']),
      );
      expect(await test.groups.replayParked(test.group)).toBe(2);
      const next = test.consumer();
      expect(new Set(await next.finish(2))).toEqual(new Set(written));
      const [fresh] = await test.events(1, added);
      expect(await next.finish(1)).toEqual([fresh]);
      await next.leave();
    });

    it('gives the events of its new types to a consumer that was there before', async () => {
      const test = await given();
      await test.ensure();
      const consumer = test.consumer();
      await test.events(1);
      await consumer.finish(1);
      const added = `${test.type}_added`;
      await test.ensure({ types: [test.type, added] });
      const written = [...(await test.events(1, added)), ...(await test.events(1))];
      const handed = new Set<string>();
      // What was acknowledged a moment before may come again.
      while (!written.every((id) => handed.has(id))) for (const id of await consumer.finish(1)) handed.add(id);
      await consumer.leave();
    });

    it('can be made by many at once', async () => {
      const test = await given();
      await Promise.all(Array.from({ length: 5 }, () => test.ensure()));
      const written = await test.events(2);
      const consumer = test.consumer();
      expect(await consumer.finish(2)).toEqual(written);
      await consumer.leave();
    });

    it('forgets a removed group with its place and its parked events', async () => {
      const test = await given();
      await test.ensure();
      const [id] = await test.events(1);
      const consumer = test.consumer();
      await (await consumer.next()).park('later');
      await consumer.leave();
      await test.groups.remove(test.group);
      await test.groups.remove(test.group);
      expect(await test.status()).toBeUndefined();
      await test.ensure();
      expect(await test.status()).toMatchObject({ parked: 0, inFlight: 0 });
      const anew = test.consumer();
      expect(await anew.finish(1)).toEqual([id]);
      await anew.leave();
    });

    it('refuses what it cannot make sense of', async () => {
      const test = await given();
      const refused = { code: 'invalid_argument' };
      const { groups } = test;
      await expect(groups.ensure('a name with spaces', { types: ['a'], after: 'end' })).rejects.toMatchObject(refused);
      await expect(groups.ensure('', { types: ['a'], after: 'end' })).rejects.toMatchObject(refused);
      await expect(test.ensure({ types: [] })).rejects.toMatchObject(refused);
      const consume = async (options: { buffer?: number } = {}): Promise<void> => {
        for await (const _ of groups.consume(test.group, options)) return;
      };
      await expect(consume()).rejects.toMatchObject(refused);
      await test.ensure();
      await expect(consume({ buffer: 0 })).rejects.toMatchObject(refused);
      await expect(consume({ buffer: 1_001 })).rejects.toMatchObject(refused);
      expect(await groups.status(`none-${ownPrefix()}`)).toBeUndefined();
    });

    it('ends a consumer that waits when its signal aborts, when it returns, and when the groups are closed', async () => {
      const test = await given();
      await test.ensure();
      const over = { value: undefined, done: true };
      const abort = new AbortController();
      const aborted = test.consumer({ signal: abort.signal }).deliveries;
      const left = test.consumer().deliveries;
      const closed = test.consumer().deliveries;
      const waiting = [aborted, left, closed].map((deliveries) => deliveries.next());
      abort.abort();
      expect(await waiting[0]).toEqual(over);
      await left.return?.();
      expect(await waiting[1]).toEqual(over);
      const { groups } = test;
      await reopen(test);
      expect(await waiting[2]).toEqual(over);
      await expect(groups.status(test.group)).rejects.toMatchObject({ code: 'unavailable' });
      const late = test.consumer({ signal: abort.signal }).deliveries;
      expect(await late.next()).toEqual(over);
    });

    it('loses nothing and repeats nothing acknowledged, in whatever order consumers answer, leave and come', async () => {
      const answer = fc.constantFrom('ack', 'ack', 'retry', 'park', 'leave', 'reopen');
      await fc.assert(
        fc.asyncProperty(fc.array(answer, { minLength: 1, maxLength: 30 }), async (answers) => {
          const test = await given();
          await test.ensure({ maxRetries: 1_000 });
          const written = await test.events(8);
          const done = new Set<string>();
          const parked = new Set<string>();
          let consumer = test.consumer({ buffer: 3 });
          let step = 0;
          while (done.size + parked.size < written.length) {
            const delivery = await consumer.next();
            const { id } = delivery.event;
            expect(done.has(id) || parked.has(id)).toBe(false);
            const how = answers[step] ?? 'ack';
            step += 1;
            if (how === 'ack') {
              await delivery.ack();
              done.add(id);
            } else if (how === 'park') {
              await delivery.park('later');
              parked.add(id);
            } else if (how === 'retry') await delivery.retry(0, 'again');
            else {
              if (how === 'leave') await consumer.leave();
              else await reopen(test);
              consumer = test.consumer({ buffer: 3 });
            }
          }
          expect(new Set([...done, ...parked])).toEqual(new Set(written));
          expect(new Set((await test.parked()).map(({ event }) => event.id))).toEqual(parked);
          await consumer.leave();
          await test.groups.remove(test.group);
        }),
        { numRuns: 15 },
      );
    });
  });
}
