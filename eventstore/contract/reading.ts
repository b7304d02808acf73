import { describe, expect, it } from '@jest/globals';
import type { EventStore } from '#event-store';
import { event, events, ids, ownPrefix, wholeLog, wholeStream } from './given.js';

const large = () => ({
  ...event(),
  contentType: 'application/octet-stream' as const,
  data: new Uint8Array(1_000_000),
});

export function describeReading(store: () => EventStore): void {
  describe('reading a stream', () => {
    it.each([1, 2, 3, 7, 4_096])('gives every event once in either direction, in pages of %d', async (limit) => {
      const stream = `${ownPrefix()}a`;
      const written = events(7);
      await store().append(stream, 'no_stream', written);
      expect(ids(await wholeStream(store(), stream, 'forwards', limit))).toEqual(ids(written));
      expect(ids(await wholeStream(store(), stream, 'backwards', limit))).toEqual(ids(written).toReversed());
    });

    it('starts where it is told and says where to go on', async () => {
      const stream = `${ownPrefix()}a`;
      await store().append(stream, 'no_stream', events(5));
      const read = async (direction: 'forwards' | 'backwards', from: bigint | 'start' | 'end', limit: number) => {
        const page = await store().readStream(stream, { direction, from, limit });
        return [page.events.map(({ revision }) => Number(revision)), page.next, page.lastRevision];
      };
      expect(await read('forwards', 2n, 2)).toEqual([[2, 3], 4n, 4n]);
      expect(await read('forwards', 'start', 1)).toEqual([[0], 1n, 4n]);
      expect(await read('forwards', 'end', 2)).toEqual([[], null, 4n]);
      expect(await read('forwards', 5n, 2)).toEqual([[], null, 4n]);
      expect(await read('backwards', 'end', 2)).toEqual([[4, 3], 2n, 4n]);
      expect(await read('backwards', 1n, 2)).toEqual([[1, 0], null, 4n]);
      expect(await read('backwards', 'start', 2)).toEqual([[0], null, 4n]);
      expect(await read('backwards', 99n, 1)).toEqual([[4], 3n, 4n]);
    });

    it('gives an empty page for a stream that is not there', async () => {
      for (const direction of ['forwards', 'backwards'] as const)
        expect(await store().readStream(`${ownPrefix()}a`, { direction, limit: 1 })).toEqual({
          events: [],
          next: null,
          lastRevision: null,
        });
    });

    it('ends a page of large events early, but never empty', async () => {
      const stream = `${ownPrefix()}a`;
      const written = Array.from({ length: 9 }, large);
      for (const [index, one] of written.entries())
        await store().append(stream, index === 0 ? 'no_stream' : BigInt(index - 1), [one]);
      const page = await store().readStream(stream, { limit: 4_096 });
      expect(page.events.length).toBeGreaterThan(0);
      expect(page.events.length).toBeLessThan(9);
      expect(ids(await wholeStream(store(), stream, 'forwards', 4_096))).toEqual(ids(written));
      expect(ids(await wholeStream(store(), stream, 'backwards', 4_096))).toEqual(ids(written).toReversed());
      expect(ids(await wholeLog(store(), 'start', { streamPrefixes: [stream] }, 4_096))).toEqual(ids(written));
    });

    it.each([0, -1, 1.5, 4_097])('refuses a page of %d events', async (limit) => {
      const refused = { code: 'invalid_argument' };
      await expect(store().readStream('a', { limit })).rejects.toMatchObject(refused);
      await expect(store().readAll({ limit })).rejects.toMatchObject(refused);
    });
  });

  describe('reading the log', () => {
    it('gives the events of all streams in the order they were answered, in pages', async () => {
      const prefix = ownPrefix();
      const before = await store().head();
      const written = events(9);
      for (const [index, one] of written.entries())
        await store().append(`${prefix}${index % 3}`, index < 3 ? 'no_stream' : BigInt(Math.floor(index / 3) - 1), [
          one,
        ]);
      for (const limit of [1, 4, 9, 1_000]) {
        const found = await wholeLog(store(), before, undefined, limit);
        expect(ids(found.filter(({ stream }) => stream.startsWith(prefix)))).toEqual(ids(written));
      }
    });

    it('says how far it looked and whether anything is left', async () => {
      const stream = `${ownPrefix()}a`;
      const before = await store().head();
      await store().append(stream, 'no_stream', events(3));
      const first = await store().readAll({ after: before, limit: 2 });
      expect(first.events).toHaveLength(2);
      expect(first.scannedTo).toBeGreaterThanOrEqual(first.events[1]!.position);
      expect(first.atEnd).toBe(false);
      const rest = await store().readAll({ after: first.scannedTo, limit: 2 });
      expect(rest.events).toHaveLength(1);
      expect(rest.atEnd).toBe(true);
      const nothing = await store().readAll({ after: rest.scannedTo, limit: 2 });
      expect(nothing).toEqual({ events: [], scannedTo: rest.scannedTo, atEnd: true });
    });

    it('never answers a place before the one it was asked from', async () => {
      const beyond = (await store().head()) + 1_000_000n;
      const page = await store().readAll({ after: beyond, limit: 1 });
      expect(page).toEqual({ events: [], scannedTo: beyond, atEnd: true });
    });

    it('filters by prefixes of stream names, by types, and by both', async () => {
      const prefix = ownPrefix();
      const before = await store().head();
      const written = new Map<string, string>();
      for (const name of ['ab', 'a%', 'a_x', 'b', 'ä-1', 'ä-2'])
        for (const type of ['opened', 'closed']) {
          const one = event(type);
          written.set(`${name} ${type}`, one.id);
          await store().append(`${prefix}${name}`, type === 'opened' ? 'no_stream' : 0n, [one]);
        }
      const expecting = (...keys: string[]) => keys.map((key) => written.get(key));
      const found = async (prefixes: string[] | undefined, types?: string[]) =>
        ids(
          await wholeLog(store(), before, {
            streamPrefixes: prefixes ? prefixes.map((one) => prefix + one) : [prefix],
            ...(types && { types }),
          }),
        );
      expect(await found(undefined)).toHaveLength(12);
      expect(await found(['b'])).toEqual(expecting('b opened', 'b closed'));
      expect(await found(['a%'])).toEqual(expecting('a% opened', 'a% closed'));
      expect(await found(['a_'])).toEqual(expecting('a_x opened', 'a_x closed'));
      expect(await found(['ä-'], ['closed'])).toEqual(expecting('ä-1 closed', 'ä-2 closed'));
      expect(await found(['b', 'ab'], ['opened'])).toEqual(expecting('ab opened', 'b opened'));
      expect(await found(undefined, ['unheard_of'])).toEqual([]);
      expect(await found(undefined, ['opened', 'closed'])).toHaveLength(12);
    });

    it('gets on although nothing matches', async () => {
      const prefix = ownPrefix();
      const before = await store().head();
      const { position } = await store().append(`${prefix}a`, 'no_stream', events(50));
      let page = await store().readAll({ after: before, limit: 1, filter: { types: ['unheard_of'] } });
      while (!page.atEnd) {
        expect(page.events).toEqual([]);
        page = await store().readAll({ after: page.scannedTo, limit: 1, filter: { types: ['unheard_of'] } });
      }
      expect(page.scannedTo).toBeGreaterThanOrEqual(position);
    });
  });
}
