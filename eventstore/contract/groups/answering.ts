import { describe, expect, it } from '@jest/globals';
import type { Given } from './given.js';

const ISO = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/;

export function describeAnswering(given: () => Promise<Given>): void {
  describe('answering', () => {
    it('does not hand out again what was acknowledged, whatever is answered later', async () => {
      const test = await given();
      await test.ensure();
      await test.events(2);
      const consumer = test.consumer({ buffer: 1 });
      const first = await consumer.next();
      await first.ack();
      const second = await consumer.next();
      await first.ack();
      await first.retry(0, 'answered twice');
      await first.park('answered three times');
      await second.ack();
      const [marker] = await test.events(1);
      expect(await consumer.finish(1)).toEqual([marker]);
      expect(await test.parked()).toEqual([]);
      await consumer.leave();
    });

    it('hands a retried event out again after its pause, and others meanwhile', async () => {
      const test = await given();
      await test.ensure();
      const [first, second] = await test.events(2);
      const consumer = test.consumer({ buffer: 1 });
      const delivery = await consumer.next();
      expect(delivery.event.id).toBe(first);
      const began = performance.now();
      await delivery.retry(150, 'not yet');
      expect(await consumer.finish(1)).toEqual([second]);
      const again = await consumer.next();
      // Clocks of timers are rounded to milliseconds.
      expect(performance.now() - began).toBeGreaterThan(140);
      expect(again).toMatchObject({ event: { id: first }, retries: 1 });
      await again.ack();
      await consumer.leave();
    });

    it('parks an event by itself when its retries are used up', async () => {
      const test = await given();
      await test.ensure({ maxRetries: 2 });
      const [poison, good] = await test.events(2);
      const consumer = test.consumer({ buffer: 1 });
      const seen: number[] = [];
      let finished = 0;
      while (seen.length < 3 || finished < 1) {
        const delivery = await consumer.next();
        if (delivery.event.id === poison) {
          seen.push(delivery.retries);
          await delivery.retry(0, 'it never works');
        } else {
          expect(delivery.event.id).toBe(good);
          await delivery.ack();
          finished += 1;
        }
      }
      expect(seen).toEqual([0, 1, 2]);
      const [marker] = await test.events(1);
      expect(await consumer.finish(1)).toEqual([marker]);
      const [parked, ...others] = await test.parked();
      expect(others).toEqual([]);
      expect(parked).toMatchObject({ event: { id: poison }, retries: 2, reason: expect.stringMatching(/./) });
      await consumer.leave();
    });

    it('parks what it is told to, and lists it oldest first, page by page', async () => {
      const test = await given();
      await test.ensure();
      const written = await test.events(4);
      const consumer = test.consumer();
      for (const [index, delivery] of (await consumer.take(4)).entries())
        await (index === 1 ? delivery.ack() : delivery.park(`cannot be judged: ${index}`));
      expect(await test.parked()).toEqual([
        expect.objectContaining({ event: expect.objectContaining({ id: written[0] }), reason: 'cannot be judged: 0' }),
        expect.objectContaining({ event: expect.objectContaining({ id: written[2] }), reason: 'cannot be judged: 2' }),
        expect.objectContaining({ event: expect.objectContaining({ id: written[3] }), reason: 'cannot be judged: 3' }),
      ]);
      const [middle, ...more] = await test.parked(1, 1);
      expect(more).toEqual([]);
      expect(middle).toMatchObject({ event: { id: written[2] }, retries: 0, parkedAt: expect.stringMatching(ISO) });
      expect(await test.parked(10, 3)).toEqual([]);
      expect((await test.status())?.parked).toBe(3);
      await consumer.leave();
    });

    it('cuts a long reason', async () => {
      const test = await given();
      await test.ensure();
      await test.events(1);
      const consumer = test.consumer();
      await (await consumer.next()).park('x'.repeat(5_000));
      expect((await test.parked())[0]!.reason).toBe('x'.repeat(1_000));
      await consumer.leave();
    });

    it('hands parked events out again when they are replayed, as if for the first time', async () => {
      const test = await given();
      await test.ensure();
      const written = await test.events(3);
      const consumer = test.consumer();
      for (const delivery of await consumer.take(3)) await delivery.park('later');
      expect(await test.groups.replayParked(test.group)).toBe(3);
      const again = await consumer.take(3);
      expect(new Set(again.map(({ event }) => event.id))).toEqual(new Set(written));
      expect(again.map(({ retries }) => retries)).toEqual([0, 0, 0]);
      expect(await test.parked()).toEqual([]);
      await Promise.all(again.map((delivery) => delivery.ack()));
      expect(await test.groups.replayParked(test.group)).toBe(0);
      const [marker] = await test.events(1);
      expect(await consumer.finish(1)).toEqual([marker]);
      await consumer.leave();
    });

    it('forgets parked events whose stream is deleted', async () => {
      const test = await given();
      await test.ensure();
      const gone = await test.stream(2);
      const [kept] = await test.events(1);
      const consumer = test.consumer();
      for (const delivery of await consumer.take(3)) await delivery.park('later');
      expect(await test.parked()).toHaveLength(3);
      await test.log.deleteStream(gone.name);
      expect((await test.parked()).map(({ event }) => event.id)).toEqual([kept]);
      await test.groups.replayParked(test.group);
      expect((await consumer.next()).event.id).toBe(kept);
      await consumer.leave();
    });

    it('tells where it stands', async () => {
      const test = await given();
      await test.ensure();
      const { position } = await test.stream(3);
      const consumer = test.consumer();
      const [first, second, third] = await consumer.take(3);
      await second!.ack();
      const status = await test.status();
      expect(status).toMatchObject({ group: test.group, types: [test.type], inFlight: 2, parked: 0, consumers: 1 });
      expect((status!.position ?? -1n) < first!.event.position).toBe(true);
      await third!.park('later');
      expect(await test.status()).toMatchObject({ inFlight: 1, parked: 1 });
      expect(position).toBe(third!.event.position);
      await consumer.leave();
    });
  });
}
