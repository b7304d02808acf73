import {
  ANY,
  BACKWARDS,
  binaryEvent,
  END,
  ErrorType,
  jsonEvent,
  NO_STREAM,
  START,
  STREAM_EXISTS,
  StreamDeletedError,
  StreamNotFoundError,
  UnknownError,
  WrongExpectedVersionError,
} from '@eventstore/db-client';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { aStream, TestNode } from './testing/test-node.js';

let node: TestNode;
beforeAll(async () => {
  node = await TestNode.start();
});
afterAll(() => node[Symbol.asyncDispose]());

const told = (n = 0) => jsonEvent({ type: 'told', data: { n }, metadata: { by: 'me' } });
const failure = (call: Promise<unknown>): Promise<unknown> =>
  call.then(
    () => Promise.reject(new Error('It did not fail.')),
    (error: unknown) => error,
  );

async function eventsOf(events: AsyncIterable<{ event?: unknown }>): Promise<unknown[]> {
  const found: unknown[] = [];
  for await (const { event } of events) found.push(event);
  return found;
}

describe('the official client', () => {
  it('reads back what it wrote: data, metadata, type, id, revision, position and time', async () => {
    const stream = aStream();
    const json = told(7);
    const binary = binaryEvent({ type: 'blob', data: Buffer.from([1, 0, 255]), metadata: new Uint8Array([9]) });
    const before = Date.now();
    const { position } = await node.client.appendToStream(stream, [json, binary], { expectedRevision: NO_STREAM });
    const [first, second] = await eventsOf(node.client.readStream(stream));
    expect(first).toMatchObject({
      streamId: stream,
      id: json.id,
      type: 'told',
      revision: 0n,
      data: { n: 7 },
      metadata: { by: 'me' },
      isJson: true,
    });
    expect(second).toMatchObject({ id: binary.id, revision: 1n, isJson: false, position });
    expect(Buffer.from((second as { data: Uint8Array }).data)).toEqual(Buffer.from([1, 0, 255]));
    const { created } = first as { created: Date };
    expect(created.getTime()).toBeGreaterThanOrEqual(before);
    expect(created.getTime()).toBeLessThanOrEqual(Date.now());
  });

  it.each([NO_STREAM, 9n] as const)(
    'tells a wrong revision in a batch with its own words (%s)',
    async (expectedRevision) => {
      const stream = aStream();
      await node.client.appendToStream(stream, told());
      const error = await failure(node.client.appendToStream(stream, told(), { expectedRevision }));
      expect(error).toBeInstanceOf(WrongExpectedVersionError);
      expect(error).toMatchObject({ streamName: stream, expectedVersion: expectedRevision, actualVersion: 0n });
    },
  );

  it('tells that a stream should exist', async () => {
    const stream = aStream();
    const error = await failure(node.client.appendToStream(stream, told(), { expectedRevision: STREAM_EXISTS }));
    expect(error).toMatchObject({ expectedVersion: STREAM_EXISTS, actualVersion: NO_STREAM });
  });

  it('tells a wrong revision of a delete by numbers', async () => {
    const stream = aStream();
    const error = await failure(node.client.deleteStream(stream, { expectedRevision: ANY }));
    expect(error).toMatchObject({ type: ErrorType.WRONG_EXPECTED_VERSION, expectedVersion: -2n, actualVersion: -1n });
    await node.client.appendToStream(stream, told());
    const other = await failure(node.client.tombstoneStream(stream, { expectedRevision: 4n }));
    expect(other).toMatchObject({ expectedVersion: 4n, actualVersion: 0n });
  });

  it('knows deleted streams, missing ones, and appends that are too large', async () => {
    const stream = aStream();
    const missing = await failure(eventsOf(node.client.readStream(stream)));
    expect(missing).toBeInstanceOf(StreamNotFoundError);
    expect(missing).toMatchObject({ message: `${stream} not found` });
    await node.client.tombstoneStream(stream);
    for (const call of [node.client.appendToStream(stream, told()), eventsOf(node.client.readStream(stream))]) {
      const error = await failure(call);
      expect(error).toBeInstanceOf(StreamDeletedError);
      expect(error).toMatchObject({ streamName: stream });
    }
    const large = binaryEvent({ type: 'large', data: Buffer.alloc(1_048_577) });
    const tooLarge = await failure(node.client.appendToStream(aStream(), large));
    expect(tooLarge).toMatchObject({ type: ErrorType.MAXIMUM_APPEND_SIZE_EXCEEDED, maxAppendSize: 1_048_576 });
  });

  it('has its own name for what cannot be read: forwards from the end, and nothing', async () => {
    const stream = aStream();
    await node.client.appendToStream(stream, told());
    for (const options of [{ fromRevision: END }, { maxCount: 0 }] as const) {
      const error = await failure(eventsOf(node.client.readStream(stream, options)));
      expect(error).toBeInstanceOf(UnknownError);
      expect(String(error)).toMatch('Unexpected ReadStreamResult: Error');
    }
  });

  it('reads $all both ways, from the start and back from the end', async () => {
    const forwards = await eventsOf(node.client.readAll({ fromPosition: START }));
    const back = await eventsOf(node.client.readAll({ direction: BACKWARDS, fromPosition: END }));
    expect(back.toReversed()).toEqual(forwards);
    expect(forwards.length).toBeGreaterThan(2);
  });
});
