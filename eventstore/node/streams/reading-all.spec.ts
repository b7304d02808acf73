import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { allRead, append, backwards, type Filter, filtered, type ReadOutcome, read, remove } from './testing/raw.js';
import { TestNode } from './testing/test-node.js';

let node: TestNode;
beforeEach(async () => {
  node = await TestNode.start();
  // Positions 1–9: three events each of a, b and c, of type x1, y1, z1, x2 …
  for (const stream of ['a-1', 'b-1', 'c-1'])
    await append(
      node.raw,
      stream,
      'no_stream',
      ['x', 'y', 'z'].map((type) => ({ type: `${type}-${stream[0]}` })),
    );
});
afterEach(() => node[Symbol.asyncDispose]());

const positions = ({ events }: ReadOutcome): number[] => events.map((event) => Number(event.getCommitPosition()));
const types = ({ events }: ReadOutcome): string[] =>
  events.map((event) => event.getEvent()?.getMetadataMap().get('type') ?? '');

describe('reading $all', () => {
  it('is inclusive forwards and exclusive backwards', async () => {
    expect(positions(await read(node.raw, allRead(7n)))).toEqual([7, 8, 9]);
    expect(positions(await read(node.raw, backwards(allRead(4n))))).toEqual([3, 2, 1]);
    expect(positions(await read(node.raw, backwards(allRead('end', 2))))).toEqual([9, 8]);
    expect(positions(await read(node.raw, allRead('start', 2)))).toEqual([1, 2]);
  });

  it('finds nothing backwards from the start, forwards from the end, or beyond the end', async () => {
    for (const options of [backwards(allRead('start')), allRead('end'), allRead(999n)]) {
      const { messages, error } = await read(node.raw, options);
      expect([messages, error]).toEqual([[], undefined]);
    }
  });

  it('goes on through the log in both directions until it has read all', async () => {
    await append(
      node.raw,
      'long',
      'any',
      Array.from({ length: 1_200 }, () => ({})),
    );
    const expected = Array.from({ length: 1_209 }, (_, index) => index + 1);
    expect(positions(await read(node.raw, allRead('start', 5_000)))).toEqual(expected);
    expect(positions(await read(node.raw, backwards(allRead('end', 5_000))))).toEqual(expected.reverse());
  });

  it('knows no position whose commit is before its prepare', async () => {
    expect((await read(node.raw, allRead({ commit: 1n, prepare: 2n }))).error).toEqual({
      code: 2,
      details: 'Exception was thrown by handler.',
      trailers: {},
    });
  });

  it('answers a read of no events at once, unlike the real server', async () => {
    expect((await read(node.raw, allRead('start', 0))).messages).toEqual([]);
  });

  it.each<[string, Filter, string[]]>([
    ['stream prefixes', { on: 'stream', prefixes: ['a-', 'c'] }, ['x-a', 'y-a', 'z-a', 'x-c', 'y-c', 'z-c']],
    ['type prefixes', { on: 'type', prefixes: ['x', 'z-b'] }, ['x-a', 'x-b', 'z-b', 'x-c']],
    ['a pattern of types', { on: 'type', regex: '^[xy]-[bc]$' }, ['x-b', 'y-b', 'x-c', 'y-c']],
    ['a pattern of streams', { on: 'stream', regex: '^(?!a).*1$' }, ['x-b', 'y-b', 'z-b', 'x-c', 'y-c', 'z-c']],
  ])('takes a filter by %s, and counts what matches', async (_, filter, expected) => {
    expect(types(await read(node.raw, filtered(allRead(), filter)))).toEqual(expected);
    expect(types(await read(node.raw, filtered(backwards(allRead('end')), filter)))).toEqual(expected.toReversed());
    expect(types(await read(node.raw, filtered(allRead('start', 2), filter)))).toEqual(expected.slice(0, 2));
  });

  it('takes a prefix beyond the basic plane by its characters', async () => {
    await append(node.raw, '🎲-dice', 'any', [{ type: '🎲' }]);
    expect(types(await read(node.raw, filtered(allRead(), { on: 'stream', prefixes: ['🎲-'] })))).toEqual(['🎲']);
  });

  it.each<[string, Filter]>([
    ['no expression', { on: 'type', regex: '(' }],
    ['a multiplier of 0', { on: 'type', prefixes: ['x'], multiplier: 0 }],
    ['neither prefix nor pattern', { on: 'type' }],
    ['more than 400 prefixes', { on: 'type', prefixes: Array.from({ length: 401 }, (_, index) => `x${index}`) }],
    ['a pattern that would take for ever', { on: 'stream', regex: '^(\\w+-?)+!$' }],
  ])('fails over %s', async (_, filter) => {
    await append(node.raw, `long-${'a'.repeat(60)}`, 'any', [{}]);
    const { error } = await read(node.raw, filtered(allRead(), filter));
    expect(error).toEqual({ code: 2, details: 'Exception was thrown by handler.', trailers: {} });
    expect(positions(await read(node.raw, allRead('start', 1)))).toEqual([1]);
  });

  it('still shows truncated events and those of soft-deleted streams', async () => {
    await append(node.raw, '$$a-1', 'any', [{ type: '$metadata', data: '{"$maxCount":1}' }]);
    await remove(node.raw, 'delete', 'b-1', 'any');
    const all = await read(node.raw, allRead());
    expect(types(all).slice(0, 9)).toEqual(['x-a', 'y-a', 'z-a', 'x-b', 'y-b', 'z-b', 'x-c', 'y-c', 'z-c']);
    expect(types(all).slice(9)).toEqual(['$metadata', '$metadata']);
  });

  it('forgets a tombstoned stream and its metadata at once, but for its $streamDeleted', async () => {
    await append(node.raw, '$$b-1', 'any', [{ type: '$metadata', data: '{"secret":1}' }]);
    await remove(node.raw, 'tombstone', 'b-1', 'any');
    const all = await read(node.raw, allRead());
    expect(types(all)).toEqual(['x-a', 'y-a', 'z-a', 'x-c', 'y-c', 'z-c', '$streamDeleted']);
    const last = all.events.at(-1)?.getEvent();
    expect(last?.getStreamRevision()).toBe('9223372036854775807');
    expect(last?.getData_asU8()).toHaveLength(0);
    expect(last?.getMetadataMap().get('content-type')).toBe('application/octet-stream');
  });
});
