import { once } from 'node:events';
import type { ReadReq, ReadResp } from '@eventstore/db-client/generated/streams_pb.js';
import streams from '@eventstore/db-client/generated/streams_pb.js';
import type { ServiceError } from '@grpc/grpc-js';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import {
  allRead,
  append,
  ContentCase,
  type Failed,
  failed,
  filtered,
  type Place,
  read,
  remove,
  streamRead,
  subscription,
} from './testing/raw.js';
import { aStream, TestNode } from './testing/test-node.js';

let node: TestNode;
beforeEach(async () => {
  node = await TestNode.start();
});
afterEach(() => node[Symbol.asyncDispose]());

const some = (count: number, type = 'thing') => Array.from({ length: count }, () => ({ type }));

/** A subscription whose messages are waited for one by one. */
class Subscription implements AsyncDisposable {
  readonly messages: ReadResp[] = [];
  readonly failure: Promise<Failed>;
  private taken = 0;
  private waiting: (() => void) | undefined;
  readonly call;

  constructor(options: ReadReq.Options, deadline?: number) {
    const metadata = deadline === undefined ? {} : { deadline };
    this.call = node.raw.read(new streams.ReadReq().setOptions(subscription(options)), metadata);
    this.call.on('data', (message: ReadResp) => {
      this.messages.push(message);
      this.waiting?.();
    });
    this.failure = new Promise((resolve) => {
      this.call.on('error', (error: ServiceError) => resolve(failed(error)));
    });
  }

  async next(): Promise<ReadResp> {
    while (this.messages.length === this.taken)
      await new Promise<void>((resolve) => {
        this.waiting = resolve;
      });
    this.taken += 1;
    return this.messages[this.taken - 1]!;
  }

  /** Revisions (or positions), and the names of what is no event. */
  async told(count: number, of: 'revision' | 'position' = 'revision'): Promise<(string | number)[]> {
    const told: (string | number)[] = [];
    for (let left = count; left > 0; left -= 1) told.push(named(await this.next(), of));
    return told;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.call.cancel();
    await this.failure;
  }
}

function named(message: ReadResp, of: 'revision' | 'position'): string | number {
  switch (message.getContentCase()) {
    case ContentCase.CONFIRMATION:
      return 'confirmed';
    case ContentCase.CAUGHT_UP:
      return 'caught up';
    case ContentCase.CHECKPOINT:
      return `checkpoint ${message.getCheckpoint()?.getCommitPosition()}`;
    default:
      return Number(
        of === 'revision'
          ? message.getEvent()?.getEvent()?.getStreamRevision()
          : message.getEvent()?.getCommitPosition(),
      );
  }
}

const toStream = (stream: string, from: Place = 'start') => new Subscription(streamRead(stream, from));
const toAll = (from: Place = 'start') => new Subscription(allRead(from));

describe('a subscription to a stream', () => {
  it('is confirmed with an id of its own, catches up, says so once, and goes on live', async () => {
    const stream = aStream();
    await append(node.raw, stream, 'any', some(2));
    await using subscribed = toStream(stream);
    expect(await subscribed.told(4)).toEqual(['confirmed', 0, 1, 'caught up']);
    expect(subscribed.messages[0]?.getConfirmation()?.getSubscriptionId()).toMatch(/^[0-9a-f-]{36}$/);
    for (const revision of [2, 3]) {
      await append(node.raw, stream, 'any', some(1));
      expect(await subscribed.told(1)).toEqual([revision]);
    }
  });

  it('begins after its revision, with the first event at the start, with what is new at the end', async () => {
    const stream = aStream();
    await append(node.raw, stream, 'any', some(3));
    await using after = toStream(stream, 1n);
    expect(await after.told(3)).toEqual(['confirmed', 2, 'caught up']);
    await using beyond = toStream(stream, 2n);
    expect(await beyond.told(2)).toEqual(['confirmed', 'caught up']);
    await using fromEnd = toStream(stream, 'end');
    expect(await fromEnd.told(2)).toEqual(['confirmed', 'caught up']);
    await append(node.raw, stream, 'any', some(1));
    expect(await fromEnd.told(1)).toEqual([3]);
  });

  it('waits for a stream that is not there, and has caught up after its first event', async () => {
    const stream = aStream();
    await using subscribed = toStream(stream);
    expect(await subscribed.told(1)).toEqual(['confirmed']);
    await append(node.raw, aStream(), 'any', some(1));
    await append(node.raw, stream, 'any', some(1));
    expect(await subscribed.told(2)).toEqual([0, 'caught up']);
  });

  it('ends with the $streamDeleted when its stream is deleted for good', async () => {
    const stream = aStream();
    await append(node.raw, stream, 'any', some(1));
    await using subscribed = toStream(stream);
    await subscribed.told(3);
    await remove(node.raw, 'tombstone', stream, 'any');
    const last = (await subscribed.next()).getEvent()?.getEvent();
    expect(last?.getMetadataMap().get('type')).toBe('$streamDeleted');
    expect(last?.getStreamRevision()).toBe('9223372036854775807');
    expect(await subscribed.failure).toEqual({
      code: 9,
      details: `Event stream '${stream}' is deleted.`,
      trailers: { exception: 'stream-deleted', 'stream-name': stream },
    });
  });

  it('hears nothing of a soft delete, and goes on when the stream is made again', async () => {
    const stream = aStream();
    await append(node.raw, stream, 'any', some(2));
    await using subscribed = toStream(stream);
    await subscribed.told(4);
    await remove(node.raw, 'delete', stream, 'any');
    await append(node.raw, stream, 'no_stream', some(1));
    expect(await subscribed.told(1)).toEqual([2]);
  });

  it('leaves out what is truncated', async () => {
    const stream = aStream();
    await append(node.raw, stream, 'any', some(5));
    await append(node.raw, `$$${stream}`, 'any', [{ type: '$metadata', data: '{"$tb":3}' }]);
    await using subscribed = toStream(stream);
    expect(await subscribed.told(4)).toEqual(['confirmed', 3, 4, 'caught up']);
  });
});

describe('a subscription to $all', () => {
  it('begins after its position, and sees $metadata and $streamDeleted', async () => {
    const stream = aStream();
    await append(node.raw, stream, 'any', some(3));
    await using subscribed = toAll(2n);
    expect(await subscribed.told(3, 'position')).toEqual(['confirmed', 3, 'caught up']);
    await remove(node.raw, 'delete', stream, 'any');
    await remove(node.raw, 'tombstone', stream, 'any');
    const types = [await subscribed.next(), await subscribed.next()].map((message) =>
      message.getEvent()?.getEvent()?.getMetadataMap().get('type'),
    );
    expect(types).toEqual(['$metadata', '$streamDeleted']);
  });

  it.each(['end', 999n] as const)('hears only what is new from %s', async (from) => {
    await append(node.raw, aStream(), 'any', some(3));
    await using subscribed = toAll(from);
    expect(await subscribed.told(2)).toEqual(['confirmed', 'caught up']);
    await append(node.raw, aStream(), 'any', some(1));
    expect(await subscribed.told(1, 'position')).toEqual([4]);
  });

  it('is served at the speed of its caller and never cut off, however far it falls behind', async () => {
    await using slow = toAll();
    expect(await slow.told(2)).toEqual(['confirmed', 'caught up']);
    slow.call.pause();
    const stream = aStream();
    for (let round = 0; round < 10; round += 1)
      await append(
        node.raw,
        stream,
        'any',
        Array.from({ length: 100 }, () => ({ data: 'x'.repeat(8_000) })),
      );
    slow.call.resume();
    expect(await slow.told(1_000)).toEqual(Array.from({ length: 1_000 }, (_, index) => index));
  });

  it('ends at its deadline, and when the node stops', async () => {
    const late = new Subscription(allRead(), Date.now() + 50);
    expect((await late.failure).code).toBe(4);
    const cut = toAll();
    await cut.told(2);
    const closing = node[Symbol.asyncDispose]();
    expect([1, 13, 14]).toContain((await cut.failure).code);
    await closing;
  });
});

describe('a filtered subscription to $all', () => {
  const things = { on: 'type', prefixes: ['thing'] } as const;

  it('gives a checkpoint at the start and one each window of records', async () => {
    await append(node.raw, aStream(), 'any', some(100));
    await using subscribed = new Subscription(filtered(allRead(), { ...things, max: 32 }));
    const told = await subscribed.told(106, 'position');
    expect(told.filter((word) => typeof word === 'string')).toEqual([
      'confirmed',
      'checkpoint 0',
      'checkpoint 32',
      'checkpoint 64',
      'checkpoint 96',
      'caught up',
    ]);
    expect(told.indexOf('checkpoint 32')).toBe(told.indexOf(32) + 1);
  });

  it('gives checkpoints over what does not match, in catch-up and live, so that a reader can move its own', async () => {
    await append(node.raw, aStream(), 'any', some(70, 'other'));
    await using subscribed = new Subscription(filtered(allRead(), { ...things, max: 10, multiplier: 2 }));
    expect(await subscribed.told(4)).toEqual(['confirmed', 'checkpoint 0', 'checkpoint 60', 'caught up']);
    await append(node.raw, aStream(), 'any', some(15, 'other'));
    expect(await subscribed.told(1)).toEqual(['checkpoint 80']);
    await append(node.raw, aStream(), 'any', some(1));
    expect(await subscribed.told(1, 'position')).toEqual([86]);
  });

  it('takes patterns', async () => {
    await append(node.raw, aStream(), 'any', [...some(1, '$system'), ...some(1), ...some(1, 'other')]);
    await using subscribed = new Subscription(filtered(allRead(), { on: 'type', regex: '^[^$].*' }));
    expect(await subscribed.told(5, 'position')).toEqual(['confirmed', 'checkpoint 0', 2, 3, 'caught up']);
  });

  it('is refused with a multiplier of 0', async () => {
    const options = subscription(filtered(allRead(), { ...things, multiplier: 0 }));
    expect((await read(node.raw, options)).error).toMatchObject({ code: 2 });
  });
});

describe('the official client', () => {
  it('hears confirmation, events and that it has caught up', async () => {
    const stream = aStream();
    await append(node.raw, stream, 'any', some(1));
    const subscribed = node.client.subscribeToStream(stream);
    const heard: string[] = [];
    for (const name of ['confirmation', 'data', 'caughtUp'] as const) subscribed.on(name, () => heard.push(name));
    await once(subscribed, 'caughtUp');
    expect(heard).toEqual(['confirmation', 'data', 'caughtUp']);
    await subscribed.unsubscribe();
  });
});
