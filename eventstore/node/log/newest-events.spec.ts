import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import fc from 'fast-check';
import { type EmbeddedEventStore, openEmbeddedEventStore } from '../../embedded/index.js';
import type { EventData } from '../../port/index.js';
import { EmbeddedNodeLog } from './embedded-node-log.js';
import type { NodeLogPage } from './node-log.js';

const anEvent = (id: string = randomUUID()): EventData => ({
  id,
  type: 'thing',
  contentType: 'application/json',
  data: Buffer.from(JSON.stringify({ id })),
  metadata: Buffer.from('{}'),
});

const STREAMS = ['a', 'b', '$$a'];
const stream = fc.constantFrom(...STREAMS);
const doing = fc.oneof(
  { weight: 6, arbitrary: fc.record({ kind: fc.constant('append'), stream, count: fc.nat({ max: 3 }) }) },
  fc.record({ kind: fc.constant('twice'), stream, count: fc.integer({ min: 1, max: 3 }) }),
  fc.record({ kind: fc.constant('refused'), stream, count: fc.nat({ max: 3 }) }),
  fc.record({ kind: fc.constant('hide'), stream, count: fc.constant(0) }),
  fc.record({ kind: fc.constant('tombstone'), stream, count: fc.constant(0) }),
);

describe('the newest events', () => {
  let store: EmbeddedEventStore;

  beforeAll(async () => {
    store = await openEmbeddedEventStore({ memory: true });
  });

  afterAll(() => store.close());

  /** Bytes as numbers: whether they are a view is nobody's business. */
  const shown = ({ events, next, atEnd }: NodeLogPage) => ({
    events: events.map((event) => ({ ...event, data: [...event.data], metadata: [...event.metadata] })),
    next,
    atEnd,
  });
  const page = async (log: EmbeddedNodeLog, from: bigint, limit: number) =>
    shown(await log.readAll({ direction: 'forwards', from, limit }));

  it('are those that stand in the log, whatever was done to it, together or one after another', async () => {
    const rounds = fc.array(fc.array(doing, { minLength: 1, maxLength: 6 }), { minLength: 1, maxLength: 8 });
    await fc.assert(
      fc.asyncProperty(rounds, fc.integer({ min: 1, max: 50 }), async (all, limit) => {
        const own = randomUUID();
        const log = new EmbeddedNodeLog(store.engine);
        const before = log.head();
        for (const together of all)
          await Promise.allSettled(
            together.map(async ({ kind, stream, count }) => {
              const name = `${stream}-${own}`;
              const events = Array.from({ length: count }, () => anEvent());
              if (kind === 'hide') await log.deleteStream(name, 'any');
              else if (kind === 'tombstone') await log.tombstone(name, 'any');
              else await log.append(name, kind === 'refused' ? 1_000n : 'any', events);
              if (kind === 'twice') await log.append(name, 'any', events);
            }),
          );
        // One that has heard of nothing yet has all of it read.
        const stored = new EmbeddedNodeLog(store.engine);
        for (let from = before + 1n; from <= log.head(); from += 1n) {
          const [kept, read] = [await page(log, from, limit), await page(stored, from, limit)];
          expect(kept.events).toEqual(read.events.slice(0, kept.events.length));
          // What is kept may end before something that was not heard of: then the rest is read.
          if (kept.events.length < read.events.length) expect(kept.atEnd).toBe(false);
          else expect(kept).toEqual(read);
        }
      }),
      { numRuns: 30 },
    );
  });

  it('are not read again for whoever follows the log live', async () => {
    const log = new EmbeddedNodeLog(store.engine);
    const read = jest.spyOn(store.engine, 'readLog');
    const { position } = await log.append('live', 'any', [anEvent(), anEvent()]);
    expect((await page(log, position - 1n, 10)).events).toHaveLength(2);
    expect(read).not.toHaveBeenCalled();
    expect((await page(log, position - 2n, 10)).events).toHaveLength(3);
    expect(read).toHaveBeenCalledTimes(1);
    read.mockRestore();
  });

  it('are few: what is older is read from the log', async () => {
    const log = new EmbeddedNodeLog(store.engine);
    const first = log.head() + 1n;
    for (let at = 0; at < 10; at += 1)
      await log.append(
        'many',
        'any',
        Array.from({ length: 400 }, () => anEvent()),
      );
    const read = jest.spyOn(store.engine, 'readLog');
    const ids = (await page(log, first, 4_000)).events.map(({ position }) => position);
    expect(ids).toEqual(Array.from({ length: 4_000 }, (_, index) => first + BigInt(index)));
    expect(read).toHaveBeenCalled();
    read.mockRestore();
  });
});
