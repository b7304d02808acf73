import { spawnSync } from 'node:child_process';
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { event, wholeLog } from '../contract/given.js';
import { TemporaryDirectory } from './testing/directories.js';

/**
 * Every byte in the directory, the write-ahead log included. Read by a process of its own: closing a file that SQLite
 * has open in this one would drop SQLite's locks on it.
 */
function bytesIn(directory: string): Buffer {
  const files = readdirSync(directory).map((name) => join(directory, name));
  const { stdout, status } = spawnSync('cat', files, { maxBuffer: 64 * 1024 * 1024 });
  expect(status).toBe(0);
  return stdout;
}

const canary = (stream: number): string => `canary-of-stream-${stream}-`;

const canariesIn = (directory: string, streams: readonly number[]): number[] => {
  const bytes = bytesIn(directory);
  return streams.filter((stream) => bytes.includes(canary(stream)));
};

describe('a deleted stream', () => {
  it('has its bytes in no file of the directory, while the store is open and after it', async () => {
    const step = fc.record({
      stream: fc.nat({ max: 11 }),
      size: fc.oneof({ weight: 9, arbitrary: fc.nat({ max: 400 }) }, { weight: 1, arbitrary: fc.nat({ max: 30_000 }) }),
      count: fc.integer({ min: 1, max: 8 }),
    });
    const history = fc.array(step, { minLength: 60, maxLength: 150 });
    const order = fc.shuffledSubarray([0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11], { minLength: 9 });
    const run = async (steps: readonly { stream: number; size: number; count: number }[], deleted: number[]) => {
      await using directory = await TemporaryDirectory.make();
      const store = await directory.open();
      const revisions = new Map<number, bigint>();
      for (const { stream, size, count } of steps) {
        const text = canary(stream).repeat(1 + size / canary(stream).length);
        const list = Array.from({ length: count }, () => event('said', { text }));
        const { revision } = await store.append(`s-${stream}`, revisions.get(stream) ?? 'no_stream', list);
        revisions.set(stream, revision);
      }
      const written = [...revisions.keys()];
      expect(canariesIn(directory.path, written)).toEqual(written);
      for (const [index, stream] of deleted.entries()) {
        await store.deleteStream(`s-${stream}`);
        expect(canariesIn(directory.path, deleted.slice(0, index + 1))).toEqual([]);
      }
      const left = await wholeLog(store, 'start');
      expect(new Set(left.map(({ stream }) => stream))).toEqual(
        new Set(written.filter((stream) => !deleted.includes(stream)).map((stream) => `s-${stream}`)),
      );
      await store.close();
      expect(canariesIn(directory.path, deleted)).toEqual([]);
    };
    await fc.assert(fc.asyncProperty(history, order, run), { numRuns: 5 });
  });
});
