import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { Head } from '../common/head.js';
import type { EventData } from '../port/index.js';
import { EmbeddedEventStore } from './embedded-event-store.js';
import { InlineLane } from './lane.js';
import { LogReader } from './log-reader.js';
import { LogWriter } from './log-writer.js';
import type { ReaderQuestion, WriterQuestion } from './messages.js';
import { RecentTypes } from './recent-types.js';
import { openForWriting } from './schema.js';

const event = (type: string): EventData => ({
  id: crypto.randomUUID(),
  type,
  contentType: 'application/json',
  data: Buffer.from('{}'),
  metadata: Buffer.from('{}'),
});

describe('the types of recent commits', () => {
  const commit = fc.record({ size: fc.integer({ min: 1, max: 3 }), type: fc.constantFrom('a', 'b', 'c') });
  const step = fc.oneof(
    { weight: 6, arbitrary: commit.map((made) => ({ kind: 'commit' as const, ...made })) },
    { weight: 1, arbitrary: fc.constant({ kind: 'untold' as const }) },
    { weight: 1, arbitrary: fc.constant({ kind: 'lost' as const }) },
  );

  it('never pass over an event of a wanted type, whatever was written untold between', () => {
    fc.assert(
      fc.property(
        fc.array(step, { maxLength: 40 }),
        fc.nat(60),
        fc.subarray(['a', 'b', 'c']),
        (steps, after, wanted) => {
          const recent = new RecentTypes();
          /** By position, from 1; `b` stands for what was written behind its back. */
          const log: string[] = [];
          let lostAt = 0;
          for (const made of steps) {
            const before = log.length - lostAt;
            if (made.kind === 'untold') log.push('b');
            else if (made.kind === 'lost') {
              // Written, and its answer never came: the next one tells of positions from the last that was told.
              recent.forget();
              log.push('b');
              lostAt += 1;
            } else {
              for (let at = 0; at < made.size; at += 1) log.push(made.type);
              recent.note(before, log.length, [made.type]);
              lostAt = 0;
            }
          }
          const quiet = recent.quietTo(after, wanted);
          expect(quiet).toBeGreaterThanOrEqual(after);
          expect(log.slice(after, quiet).filter((type) => wanted.includes(type))).toEqual([]);
        },
      ),
    );
  });

  it('are known from the first commit to the last', () => {
    const recent = new RecentTypes();
    for (let at = 0; at < 5_000; at += 1) recent.note(at, at + 1, at === 4_500 ? ['rare'] : ['often']);
    expect(recent.quietTo(4_000, ['rare'])).toBe(4_500);
    expect(recent.quietTo(4_501, ['rare'])).toBe(5_000);
    expect(recent.quietTo(4_990, ['often'])).toBe(4_990);
    expect(recent.quietTo(3, ['rare'])).toBe(3);
  });
});

describe('a subscription to one type', () => {
  it('moves on with the log past commits of other types without reading it, and delivers its own', async () => {
    const db = openForWriting({ path: undefined, maxPageCount: undefined });
    const writer = new LogWriter(db, true);
    const reader = new LogReader(db);
    let reads = 0;
    const store = new EmbeddedEventStore({
      writer: new InlineLane(
        (question: WriterQuestion) => writer.answer(question),
        () => db.close(),
      ),
      readers: [
        new InlineLane((requests: ReaderQuestion) => {
          reads += requests.length;
          return requests.map((request) => reader.read(request));
        }),
      ],
      head: new Head(),
      report: () => undefined,
      release: () => undefined,
    });
    const messages = store.subscribe({ after: 'start', filter: { types: ['wanted'] } })[Symbol.asyncIterator]();
    const upTo = async (position: bigint): Promise<number> => {
      let delivered = 0;
      for (;;) {
        const { value } = await messages.next();
        if (value.kind === 'events') delivered += value.events.length;
        if (value.kind === 'caught_up' && value.position >= position) return delivered;
      }
    };
    await upTo(0n);
    const first = reads;
    for (let at = 0; at < 20; at += 1) {
      const { position } = await store.append('s-1', at === 0 ? 'no_stream' : BigInt(at - 1), [event('other')]);
      expect(await upTo(position)).toBe(0);
    }
    expect(reads).toBe(first);
    const { position } = await store.append('s-1', 19n, [event('wanted')]);
    expect(await upTo(position)).toBe(1);
    await store.close();
  });
});
