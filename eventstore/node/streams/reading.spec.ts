import streams from '@eventstore/db-client/generated/streams_pb.js';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import {
  append,
  backwards,
  ContentCase,
  filtered,
  kinds,
  read,
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

const withBounds = (options: ReturnType<typeof streamRead>) =>
  options.setControlOption(new streams.ReadReq.Options.ControlOption().setCompatibility(1));

async function streamOf(count: number): Promise<string> {
  const stream = aStream();
  for (let left = count; left > 0; left -= 500)
    await append(
      node.raw,
      stream,
      'any',
      Array.from({ length: Math.min(left, 500) }, () => ({})),
    );
  return stream;
}

const UNEXPECTED = { code: 2, details: 'Unexpected ReadStreamResult: Error', trailers: {} };

describe('reading a stream', () => {
  it('answers that there is none in a message, and ends well', async () => {
    const stream = aStream();
    const { messages, error } = await read(node.raw, streamRead(stream));
    expect(error).toBeUndefined();
    expect(messages).toHaveLength(1);
    const named = messages[0]?.getStreamNotFound()?.getStreamIdentifier()?.getStreamName_asU8();
    expect(Buffer.from(named ?? []).toString()).toBe(stream);
  });

  it('is inclusive in both directions', async () => {
    const stream = await streamOf(6);
    expect(revisions(await read(node.raw, streamRead(stream, 2n)))).toEqual([2n, 3n, 4n, 5n]);
    expect(revisions(await read(node.raw, backwards(streamRead(stream, 2n))))).toEqual([2n, 1n, 0n]);
    expect(revisions(await read(node.raw, backwards(streamRead(stream, 'end', 2))))).toEqual([5n, 4n]);
    expect(revisions(await read(node.raw, streamRead(stream, 'start', 2)))).toEqual([0n, 1n]);
  });

  it('finds nothing forwards beyond the end, the last event backwards from there, and the first backwards from the start', async () => {
    const stream = await streamOf(3);
    const beyond = await read(node.raw, streamRead(stream, 9n));
    expect([beyond.messages, beyond.error]).toEqual([[], undefined]);
    expect(revisions(await read(node.raw, backwards(streamRead(stream, 9n))))).toEqual([2n, 1n, 0n]);
    expect(revisions(await read(node.raw, backwards(streamRead(stream, 'start'))))).toEqual([0n]);
  });

  it('delivers as many as asked for in one call, through pages of its own', async () => {
    const stream = await streamOf(1_300);
    const all = await read(node.raw, streamRead(stream).setCount(`${2n ** 63n - 1n}`));
    expect(revisions(all)).toEqual(Array.from({ length: 1_300 }, (_, index) => BigInt(index)));
    expect((await read(node.raw, streamRead(stream, 'start', 700))).events).toHaveLength(700);
  });

  it('cannot go forwards from the end, or read no events', async () => {
    const stream = await streamOf(1);
    expect((await read(node.raw, streamRead(stream, 'end'))).error).toEqual(UNEXPECTED);
    expect((await read(node.raw, streamRead(stream, 'start', 0))).error).toEqual(UNEXPECTED);
  });

  it('gives commit and prepare position, alike', async () => {
    const stream = await streamOf(1);
    const [event] = (await read(node.raw, streamRead(stream))).events;
    expect(event?.getCommitPosition()).toBe(event?.getEvent()?.getCommitPosition());
    expect(event?.getEvent()?.getPreparePosition()).toBe(event?.getEvent()?.getCommitPosition());
  });

  it('tells the last revision of the stream only to who asks for it', async () => {
    const stream = await streamOf(3);
    expect(kinds(await read(node.raw, streamRead(stream, 'start', 1)))).toEqual([ContentCase.EVENT]);
    const told = await read(node.raw, withBounds(streamRead(stream, 'start', 1)));
    expect(kinds(told)).toEqual([ContentCase.EVENT, ContentCase.LAST_STREAM_POSITION]);
    expect(told.messages.at(-1)?.getLastStreamPosition()).toBe('2');
  });

  it('tells where a stream begins whose first page is hidden', async () => {
    const stream = await streamOf(3);
    await append(node.raw, `$$${stream}`, 'any', [{ type: '$metadata', data: '{"$tb":50}' }]);
    const told = await read(node.raw, withBounds(streamRead(stream)));
    expect(told.messages.map((message) => message.getFirstStreamPosition()).slice(0, 2)).toEqual(['50', '3']);
    expect(told.messages.at(-1)?.getLastStreamPosition()).toBe('2');
  });
});

describe('a read that makes no sense', () => {
  it.each([
    [
      'a filter on a stream',
      () => filtered(streamRead('a'), { on: 'type', prefixes: ['x'] }),
      '(Stream, Count, Forwards, Filter)',
    ],
    [
      'a subscription backwards',
      () => backwards(subscription(streamRead('a'))),
      '(Stream, Subscription, Backwards, NoFilter)',
    ],
    [
      'no count',
      () => {
        const options = streamRead('a');
        options.clearCount();
        return options;
      },
      '(Stream, None, Forwards, NoFilter)',
    ],
  ])('is refused by the names of its parts: %s', async (_, options, named) => {
    expect((await read(node.raw, options())).error).toEqual({
      code: 3,
      details: `The combination of ${named} is invalid.`,
      trailers: {},
    });
  });

  it('is refused without a name of a stream', async () => {
    expect((await read(node.raw, streamRead(''))).error).toMatchObject({
      code: 2,
      details: 'Exception was thrown by handler.',
    });
  });
});
