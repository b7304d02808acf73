import { randomUUID } from 'node:crypto';
import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import type { LogPage, RecordedEvent } from '../port/index.js';
import { ReadAhead } from './read-ahead.js';

const at = (position: number, stream = 's'): RecordedEvent => ({
  id: randomUUID(),
  type: 'thing',
  contentType: 'application/json',
  data: new Uint8Array(0),
  metadata: new Uint8Array(0),
  stream,
  revision: 0n,
  position: BigInt(position),
});

/** A log that gives at most `most` events at a time, as one does whose events are large. */
class Log {
  readonly asked: bigint[] = [];

  constructor(
    readonly events: RecordedEvent[],
    private readonly most: number,
  ) {}

  readonly read = async (after: bigint, limit: number): Promise<LogPage> => {
    this.asked.push(after);
    const behind = this.events.filter(({ position }) => position > after);
    const events = behind.slice(0, Math.min(limit, this.most));
    const atEnd = events.length === behind.length;
    return { events, scannedTo: events.at(-1)?.position ?? after, atEnd };
  };
}

async function all(ahead: ReadAhead, limit: number): Promise<bigint[]> {
  const seen: bigint[] = [];
  for (let after = 0n; ; ) {
    const page = await ahead.page(after, limit);
    expect(page.events.length).toBeLessThanOrEqual(limit);
    seen.push(...page.events.map(({ position }) => position));
    after = page.scannedTo;
    if (page.atEnd) return seen;
  }
}

const nobody = (): boolean => false;

describe('reading ahead of a subscriber', () => {
  it('shows each event once and in order, however large the pages and what is read at a time', async () => {
    const places = fc.uniqueArray(fc.integer({ min: 1, max: 500 }), { maxLength: 60 });
    const few = fc.integer({ min: 1, max: 20 });
    await fc.assert(
      fc.asyncProperty(places, few, few, async (positions, most, limit) => {
        const sorted = positions.toSorted((a, b) => a - b);
        const log = new Log(
          sorted.map((position) => at(position)),
          most,
        );
        expect(await all(new ReadAhead(log.read, nobody), limit)).toEqual(sorted.map(BigInt));
      }),
      { numRuns: 200 },
    );
  });

  it('asks for the next stretch before this one is used up, and for no more', async () => {
    const log = new Log(
      [1, 2, 3, 4, 5, 6].map((position) => at(position)),
      2,
    );
    const ahead = new ReadAhead(log.read, nobody);
    await ahead.page(0n, 1);
    expect(log.asked).toEqual([0n, 2n]);
    await ahead.page(1n, 1);
    expect(log.asked).toEqual([0n, 2n]);
    await ahead.page(2n, 1);
    expect(log.asked).toEqual([0n, 2n, 4n]);
  });

  it('asks anew for what could not be read, and goes on from wherever it is asked', async () => {
    const log = new Log(
      [1, 2, 3].map((position) => at(position)),
      1,
    );
    let isAway = false;
    const ahead = new ReadAhead(
      async (after, limit) => (isAway ? Promise.reject(new Error('away')) : log.read(after, limit)),
      nobody,
    );
    isAway = true;
    await expect(ahead.page(0n, 9)).rejects.toThrow('away');
    isAway = false;
    expect((await ahead.page(0n, 9)).scannedTo).toBe(1n);
    expect((await ahead.page(2n, 9)).scannedTo).toBe(3n);
  });

  it('shows nothing of a stream that was heard to be deleted since it was read', async () => {
    const deleted = new Set<string>();
    const log = new Log([at(1, 'kept'), at(2, 'gone'), at(3, 'gone'), at(4, 'kept')], 9);
    const ahead = new ReadAhead(log.read, (stream) => deleted.has(stream));
    expect((await ahead.page(0n, 2)).events).toHaveLength(2);
    deleted.add('gone');
    const page = await ahead.page(2n, 2);
    expect(page.events.map(({ position }) => position)).toEqual([4n]);
    expect(page.scannedTo).toBe(4n);
  });
});
