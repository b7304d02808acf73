import { describe, expect, it } from '@jest/globals';
import { type Given, idsOf } from './given.js';

export function describeHandingOut(given: () => Promise<Given>): void {
  describe('handing out', () => {
    it('gives the events of its types, whole and in log order, and no others', async () => {
      const test = await given();
      await test.ensure();
      const first = await test.stream(3);
      await test.events(2, `${test.type}_of_another_kind`);
      const second = await test.events(2);
      const consumer = test.consumer();
      const deliveries = await consumer.take(5);
      expect(idsOf(deliveries)).toEqual([...first.ids, ...second]);
      const { events } = await test.log.readStream(first.name, { limit: 10 });
      expect(deliveries.slice(0, 3).map(({ event }) => event)).toEqual(events);
      expect(deliveries.map(({ retries }) => retries)).toEqual([0, 0, 0, 0, 0]);
      await consumer.leave();
    });

    it('gives what is appended while a consumer waits', async () => {
      const test = await given();
      await test.ensure();
      const consumer = test.consumer();
      const waiting = consumer.next();
      const [id] = await test.events(1);
      expect((await waiting).event.id).toBe(id);
      await consumer.leave();
    });

    it("begins after a position, or from the end after what was there at 'ensure'", async () => {
      const test = await given();
      const { position } = await test.stream(2);
      const later = await test.events(2);
      await test.ensure({ after: position });
      const afterPosition = test.consumer();
      expect(await afterPosition.finish(2)).toEqual(later);
      await afterPosition.leave();

      const other = await given();
      await other.events(2);
      await other.ensure({ after: 'end' });
      const fresh = await other.events(2);
      const fromEnd = other.consumer();
      expect(await fromEnd.finish(2)).toEqual(fresh);
      await fromEnd.leave();
    });

    it('shares the events among its consumers: each goes to one of them', async () => {
      const test = await given();
      await test.ensure();
      const written = await test.events(20);
      const consumers = [test.consumer({ buffer: 10 }), test.consumer({ buffer: 10 })];
      const taken = await Promise.all(consumers.map((consumer) => consumer.take(10)));
      expect(new Set(idsOf(taken.flat()))).toEqual(new Set(written));
      expect(taken.flat().every(({ retries }) => retries === 0)).toBe(true);
      await Promise.all(consumers.map((consumer) => consumer.leave()));
    });

    it('gives a consumer no more unanswered ones than it has room for', async () => {
      const test = await given();
      await test.ensure();
      const written = await test.events(3);
      const consumer = test.consumer({ buffer: 2 });
      const [first, second] = await consumer.take(2);
      let isThere = false;
      const third = consumer.next().then((delivery) => {
        isThere = true;
        return delivery;
      });
      // Another consumer gets the third and gives it back: had the first been owed it, it would have it by now.
      const other = test.consumer({ buffer: 1 });
      expect((await other.next()).event.id).toBe(written[2]);
      expect(isThere).toBe(false);
      await first!.ack();
      await other.leave();
      expect((await third).event.id).toBe(written[2]);
      await second!.ack();
      await consumer.leave();
    });

    it('hands what a consumer leaves unanswered to others at once', async () => {
      const test = await given();
      await test.ensure();
      const written = await test.events(4);
      const leaving = test.consumer();
      const held = await leaving.take(3);
      await held[1]!.ack();
      await leaving.leave();
      const other = test.consumer();
      const rest = await other.take(3);
      expect(new Set(idsOf(rest))).toEqual(new Set([written[0], written[2], written[3]]));
      // A server that sent the last one ahead of being asked for it counts that too.
      for (const { event, retries } of rest) expect(event.id === written[3] ? [0, 1] : [1]).toContain(retries);
      await other.leave();
    });

    it('hands out again what is not answered in time, though its consumer lives', async () => {
      const test = await given();
      await test.ensure({ ackTimeoutMs: 200 });
      const [id] = await test.events(1);
      const consumer = test.consumer();
      const late = await consumer.next();
      const again = await consumer.next();
      expect(again).toMatchObject({ event: { id }, retries: 1 });
      await late.retry(0, 'too late to matter');
      await again.ack();
      const [next] = await test.events(1);
      expect(await consumer.next()).toMatchObject({ event: { id: next }, retries: 0 });
      await consumer.leave();
    });

    it('never hands out an event of a deleted stream', async () => {
      const test = await given();
      await test.ensure();
      const before = await test.events(1);
      const gone = await test.stream(3);
      const after = await test.events(1);
      const consumer = test.consumer({ buffer: 1 });
      const first = await consumer.next();
      expect(first.event.id).toBe(before[0]);
      await test.log.deleteStream(gone.name);
      await first.ack();
      expect(await consumer.finish(1)).toEqual(after);
      await consumer.leave();
    });

    it('does not hand out again what belongs to a stream that was deleted meanwhile', async () => {
      const test = await given();
      await test.ensure();
      const gone = await test.stream(1);
      const consumer = test.consumer();
      const delivery = await consumer.next();
      await test.log.deleteStream(gone.name);
      await delivery.retry(0, 'not now');
      const [next] = await test.events(1);
      expect(await consumer.finish(1)).toEqual([next]);
      await consumer.leave();
    });
  });
}
