import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { Expected } from '../log/node-log.js';
import { append, backwards, ContentCase, kinds, type Place, read, revisions, streamRead } from './testing/raw.js';
import { aStream, TestNode } from './testing/test-node.js';

let node: TestNode;
beforeAll(async () => {
  node = await TestNode.start();
});
afterAll(() => node[Symbol.asyncDispose]());

async function streamWith(metadata: object, count = 6): Promise<string> {
  const stream = aStream();
  if (count > 0)
    await append(
      node.raw,
      stream,
      'no_stream',
      Array.from({ length: count }, () => ({})),
    );
  await describeStream(stream, metadata);
  return stream;
}

const describeStream = (stream: string, metadata: object, expected: Expected = 'any') =>
  append(node.raw, `$$${stream}`, expected, [{ type: '$metadata', data: JSON.stringify(metadata) }]);

const forwards = async (stream: string, from: Place = 'start') =>
  revisions(await read(node.raw, streamRead(stream, from)));
const back = async (stream: string, from: Place = 'end') =>
  revisions(await read(node.raw, backwards(streamRead(stream, from))));
const isTaken = async (stream: string, expected: Expected): Promise<boolean> =>
  (await append(node.raw, stream, expected, [{}])).hasSuccess();

describe('$maxCount', () => {
  it('shows the newest events, both ways, and jumps to them from before', async () => {
    const stream = await streamWith({ $maxCount: 2 });
    expect(await forwards(stream)).toEqual([4n, 5n]);
    expect(await back(stream)).toEqual([5n, 4n]);
    expect(await forwards(stream, 1n)).toEqual([4n, 5n]);
    expect(await back(stream, 3n)).toEqual([]);
  });

  it('leaves revisions as they are', async () => {
    const stream = await streamWith({ $maxCount: 2 });
    expect(await isTaken(stream, 1n)).toBe(false);
    expect(await isTaken(stream, 5n)).toBe(true);
    expect(await forwards(stream)).toEqual([5n, 6n]);
  });
});

describe('$tb', () => {
  it('hides revisions below it', async () => {
    const stream = await streamWith({ $tb: 4 });
    expect(await forwards(stream)).toEqual([4n, 5n]);
    expect(await back(stream)).toEqual([5n, 4n]);
  });

  it('beyond the end leaves an empty stream, not a missing one, and hides what comes until there', async () => {
    const stream = await streamWith({ $tb: 50 }, 3);
    expect(kinds(await read(node.raw, streamRead(stream)))).toEqual([]);
    expect(await isTaken(stream, 'no_stream')).toBe(false);
    expect(await isTaken(stream, 2n)).toBe(true);
    expect(await forwards(stream)).toEqual([]);
  });
});

describe('$maxAge', () => {
  it('is judged when it is read', async () => {
    const stream = await streamWith({ $maxAge: 3_600 });
    expect(await forwards(stream)).toEqual([0n, 1n, 2n, 3n, 4n, 5n]);
    await describeStream(stream, { $maxAge: 0.001 });
    // The clock moves on a millisecond or more between two calls over a socket, and this waits until it has.
    while ((await forwards(stream)).length > 0);
    expect(kinds(await read(node.raw, streamRead(stream)))).toEqual([]);
    expect(await back(stream)).toEqual([]);
    expect(await isTaken(stream, 'no_stream')).toBe(false);
    expect(await isTaken(stream, 5n)).toBe(true);
  });
});

describe('metadata', () => {
  it('of a stream that is not there says nothing about one', async () => {
    const stream = await streamWith({ $maxCount: 1 }, 0);
    expect(kinds(await read(node.raw, streamRead(stream)))).toEqual([ContentCase.STREAM_NOT_FOUND]);
    await append(node.raw, stream, 'no_stream', [{}, {}]);
    expect(await forwards(stream)).toEqual([1n]);
  });

  it('shows only its newest, at its real revision', async () => {
    const stream = await streamWith({ $maxCount: 1 });
    await describeStream(stream, { $maxCount: 3 });
    expect(await forwards(`$$${stream}`)).toEqual([1n]);
    expect(await back(`$$${stream}`)).toEqual([1n]);
    expect(await forwards(stream)).toEqual([3n, 4n, 5n]);
  });

  it('has revisions that can be expected', async () => {
    const stream = await streamWith({}, 0);
    expect((await describeStream(stream, {}, 'no_stream')).hasWrongExpectedVersion()).toBe(true);
    expect((await describeStream(stream, {}, 0n)).hasSuccess()).toBe(true);
  });

  it.each([{ $maxCount: -1 }, { $maxCount: 'two' }, { $tb: null }, { $maxAge: -5 }, [1], null, 'text'])(
    'that makes no sense hides nothing: %j',
    async (metadata) => {
      const stream = await streamWith(metadata as object, 2);
      expect(await forwards(stream)).toEqual([0n, 1n]);
    },
  );

  it('is what the official client wrote, and reads back', async () => {
    const stream = await streamWith({}, 3);
    await node.client.setStreamMetadata(stream, { maxCount: 2, colour: 'red' });
    expect(await node.client.getStreamMetadata(stream)).toMatchObject({ metadata: { maxCount: 2, colour: 'red' } });
    expect(await forwards(stream)).toEqual([1n, 2n]);
    expect(await node.client.getStreamMetadata(aStream())).not.toHaveProperty('metadata');
  });
});
