import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { Expected } from '../log/node-log.js';
import {
  allRead,
  append,
  backwards,
  ContentCase,
  failureOf,
  kinds,
  read,
  remove,
  revisions,
  streamRead,
  subscription,
} from './testing/raw.js';
import { aStream, TestNode } from './testing/test-node.js';

let node: TestNode;
beforeAll(async () => {
  node = await TestNode.start();
});
afterAll(() => node[Symbol.asyncDispose]());

async function streamOf(count: number): Promise<string> {
  const stream = aStream();
  await append(
    node.raw,
    stream,
    'no_stream',
    Array.from({ length: count }, () => ({})),
  );
  return stream;
}

const deleteStream = (stream: string, expected: Expected) => remove(node.raw, 'delete', stream, expected);
const tombstone = (stream: string, expected: Expected) => remove(node.raw, 'tombstone', stream, expected);
const found = async (stream: string) => revisions(await read(node.raw, streamRead(stream)));
const isMissing = async (stream: string): Promise<boolean> =>
  kinds(await read(node.raw, streamRead(stream)))[0] === ContentCase.STREAM_NOT_FOUND;

const wrong = (stream: string, expected: number, actual: number) => ({
  code: 9,
  details: `Delete failed due to WrongExpectedVersion. Stream: ${stream}, Expected version: ${expected}, Actual version: ${actual}`,
  trailers: {
    exception: 'wrong-expected-version',
    'stream-name': stream,
    'expected-version': `${expected}`,
    'actual-version': `${actual}`,
  },
});

const deleted = (stream: string) => ({
  code: 9,
  details: `Event stream '${stream}' is deleted.`,
  trailers: { exception: 'stream-deleted', 'stream-name': stream },
});

describe('Delete', () => {
  it('hides the stream: reads find none, $all shows the $metadata that says so at the answered position', async () => {
    const stream = await streamOf(3);
    const position = await deleteStream(stream, 2n);
    expect(await isMissing(stream)).toBe(true);
    const [record] = (await read(node.raw, backwards(allRead('end', 1)))).events;
    expect(record?.getCommitPosition()).toBe(`${position}`);
    expect(Buffer.from(record!.getEvent()!.getStreamIdentifier()!.getStreamName_asU8()).toString()).toBe(`$$${stream}`);
    expect(Buffer.from(record!.getEvent()!.getData_asU8()).toString()).toBe('{"$tb":9223372036854775807}');
  });

  it.each([
    ['any', -2],
    ['stream_exists', -4],
    ['no_stream', -1],
  ] as const)('of a missing stream is refused with %s', async (expected, number) => {
    const stream = aStream();
    expect(await failureOf(deleteStream(stream, expected))).toEqual(wrong(stream, number, -1));
  });

  it('is refused at another revision', async () => {
    const stream = await streamOf(2);
    expect(await failureOf(deleteStream(stream, 9n))).toEqual(wrong(stream, 9, 1));
    expect(await found(stream)).toEqual([0n, 1n]);
  });

  it('again is written again with any, and refused where the stream should exist', async () => {
    const stream = await streamOf(1);
    const first = await deleteStream(stream, 'any');
    expect(await deleteStream(stream, 'any')).toBeGreaterThan(first);
    expect(await failureOf(deleteStream(stream, 'stream_exists'))).toEqual(deleted(stream));
  });

  it.each([
    ['no_stream', 'no_stream'],
    ['any', 'any'],
    ['the last revision', 2n],
  ] as const)('is undone by an append with %s, which goes on where the stream was', async (_, expected) => {
    const stream = await streamOf(3);
    await deleteStream(stream, 'any');
    const answer = await append(node.raw, stream, expected, [{}, {}]);
    expect(answer.getSuccess()?.getCurrentRevision()).toBe('4');
    expect(await found(stream)).toEqual([3n, 4n]);
    const [metadata] = (await read(node.raw, streamRead(`$$${stream}`))).events;
    expect(Buffer.from(metadata!.getEvent()!.getData_asU8()).toString()).toBe('{"$tb":3}');
    expect((await append(node.raw, stream, 4n, [{}])).hasSuccess()).toBe(true);
  });

  it('leaves the stream to an append with another revision, or where it should exist, as it is', async () => {
    const stream = await streamOf(3);
    await deleteStream(stream, 'any');
    const refused = (await append(node.raw, stream, 1n, [{}])).getWrongExpectedVersion();
    expect(refused?.getCurrentRevision()).toBe('2');
    expect(await failureOf(append(node.raw, stream, 'stream_exists', [{}]))).toEqual(deleted(stream));
    expect(await isMissing(stream)).toBe(true);
  });

  it('is also what a client does that writes the metadata itself', async () => {
    const stream = await streamOf(2);
    const hide = { type: '$metadata', data: '{"$tb":9223372036854775807}' };
    await append(node.raw, `$$${stream}`, 'any', [hide]);
    expect(await isMissing(stream)).toBe(true);
    expect((await append(node.raw, stream, 'no_stream', [{}])).getSuccess()?.getCurrentRevision()).toBe('2');
    expect(await found(stream)).toEqual([2n]);
  });

  it('keeps an append that is asked again from making the stream again', async () => {
    const stream = aStream();
    const events = [{ id: randomUUID() }];
    await append(node.raw, stream, 'no_stream', events);
    await deleteStream(stream, 'any');
    expect((await append(node.raw, stream, 'no_stream', events)).getSuccess()?.getCurrentRevision()).toBe('0');
    expect(await isMissing(stream)).toBe(true);
  });
});

describe('Tombstone', () => {
  it('takes a stream and its name for good', async () => {
    const stream = await streamOf(3);
    await tombstone(stream, 2n);
    const refused = deleted(stream);
    expect((await read(node.raw, streamRead(stream))).error).toEqual(refused);
    expect((await read(node.raw, subscription(streamRead(stream)))).error).toEqual(refused);
    for (const expected of ['any', 'no_stream', 'stream_exists', 2n] as const) {
      expect(await failureOf(append(node.raw, stream, expected, [{}]))).toEqual(refused);
      expect(await failureOf(deleteStream(stream, expected))).toEqual(refused);
      expect(await failureOf(tombstone(stream, expected))).toEqual(refused);
    }
  });

  it.each([true, false])('takes the metadata with it (it had some: %s)', async (had) => {
    const stream = await streamOf(1);
    const metadata = `$$${stream}`;
    if (had) await append(node.raw, metadata, 'any', [{ type: '$metadata' }]);
    await tombstone(stream, 'any');
    expect((await read(node.raw, streamRead(metadata))).error).toEqual(deleted(metadata));
    expect(await failureOf(append(node.raw, metadata, 'any', [{}]))).toEqual(deleted(metadata));
  });

  it.each(['any', 'no_stream'] as const)('takes the name of a stream that never was, with %s', async (expected) => {
    const stream = aStream();
    await tombstone(stream, expected);
    expect((await read(node.raw, streamRead(stream))).error).toEqual(deleted(stream));
  });

  it('is refused at another revision, and where a stream should exist', async () => {
    const stream = await streamOf(2);
    expect(await failureOf(tombstone(stream, 0n))).toEqual(wrong(stream, 0, 1));
    const missing = aStream();
    expect(await failureOf(tombstone(missing, 'stream_exists'))).toEqual(wrong(missing, -4, -1));
  });

  it('ends a soft-deleted stream too', async () => {
    const stream = await streamOf(2);
    await deleteStream(stream, 'any');
    await tombstone(stream, 'any');
    expect((await read(node.raw, streamRead(stream))).error).toEqual(deleted(stream));
  });
});
