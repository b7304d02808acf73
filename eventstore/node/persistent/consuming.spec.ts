import { setTimeout as sleep } from 'node:timers/promises';
import {
  eventTypeFilter,
  jsonEvent,
  PARK,
  type PersistentSubscriptionToStreamSettings,
  persistentSubscriptionToAllSettingsFromDefaults,
  persistentSubscriptionToStreamSettingsFromDefaults,
  START,
} from '@eventstore/db-client';
import type { ReadResp } from '@eventstore/db-client/generated/persistent_pb.js';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { Reader } from '../testing/reader.js';
import { aName, WholeNode } from '../testing/whole-node.js';

let node: WholeNode;
beforeAll(async () => {
  node = await WholeNode.start();
});
afterAll(() => node[Symbol.asyncDispose]());

const settings = (more: Partial<PersistentSubscriptionToStreamSettings> = {}) =>
  persistentSubscriptionToStreamSettingsFromDefaults({ startFrom: START, ...more });

/** A group over a stream with so many events. */
async function given(count: number, more: Partial<PersistentSubscriptionToStreamSettings> = {}) {
  const [stream, group] = [aName(), aName('group')];
  if (count > 0) await node.append(stream, count);
  await node.client.createPersistentSubscriptionToStream(stream, group, settings(more));
  return { stream, group, info: () => node.client.getPersistentSubscriptionToStreamInfo(stream, group) };
}

const streamOf = (event: ReadResp.ReadEvent): string =>
  Buffer.from(event.getEvent()!.getStreamIdentifier()!.getStreamName_asU8()).toString();
const revisions = (received: readonly { revision: number }[]): number[] => received.map(({ revision }) => revision);
const upTo = (end: number, from = 0): number[] => Array.from({ length: end - from }, (_, index) => from + index);

describe('reading as a consumer', () => {
  it('is confirmed first, by stream and group, and $all by its name', async () => {
    const { stream, group } = await given(1);
    const reader = new Reader(node, stream, group);
    expect(await reader.confirmed()).toBe(`${stream}::${group}`);
    reader.leave();
    const all = aName('group');
    await node.client.createPersistentSubscriptionToAll(all, persistentSubscriptionToAllSettingsFromDefaults());
    const readerOfAll = new Reader(node, '$all', all);
    expect(await readerOfAll.confirmed()).toBe(`$all::${all}`);
    readerOfAll.leave();
  });

  it('gets as many events as its buffer, then one for each answer', async () => {
    const { stream, group, info } = await given(8);
    const reader = new Reader(node, stream, group, 3);
    const first = await reader.take(3);
    expect(revisions(first)).toEqual([0, 1, 2]);
    expect((await info()).connections[0]).toMatchObject({ inFlightMessages: 3, availableSlots: 0, username: 'system' });
    expect(reader.events).toHaveLength(3);
    reader.ack(first[1]!);
    expect(revisions(await reader.take(1))).toEqual([3]);
    reader.leave();
  });

  it('is told how often an event was tried, from 0, and where it stands', async () => {
    const { stream, group } = await given(1);
    const reader = new Reader(node, stream, group);
    const [event] = await reader.take(1);
    expect(event).toMatchObject({ retries: 0, linkStream: undefined });
    const [message] = reader.events;
    expect(message!.getCommitPosition()).toBe(message!.getEvent()!.getCommitPosition());
    expect(message!.getEvent()!.getPreparePosition()).toBe(message!.getEvent()!.getCommitPosition());
    const map = message!.getEvent()!.getMetadataMap();
    expect([map.get('type'), map.get('content-type')]).toEqual(['thing', 'application/json']);
    expect(map.get('created')).toMatch(/^\d{17}$/);
    reader.leave();
  });

  it('gets a retried event again at once, and an unknown answer means the same', async () => {
    const { stream, group } = await given(1);
    const reader = new Reader(node, stream, group);
    for (const [retries, action] of (['RETRY', 'UNKNOWN'] as const).entries()) {
      const [event] = await reader.take(1);
      expect(event!.retries).toBe(retries);
      reader.nack(action, 'not now', event!);
    }
    expect((await reader.take(1))[0]).toMatchObject({ revision: 0, retries: 2 });
    reader.leave();
  });

  it('does not see a skipped event again, nor one that was answered with stop, after which it goes on', async () => {
    const { stream, group, info } = await given(3);
    const reader = new Reader(node, stream, group, 1);
    for (const action of ['SKIP', 'STOP'] as const) reader.nack(action, '', ...(await reader.take(1)));
    expect((await reader.take(1))[0]).toMatchObject({ revision: 2, retries: 0 });
    expect((await info()).stats.parkedMessageCount).toBe(0n);
    reader.leave();
  });

  it('is not heard when it answers what it was not given', async () => {
    const { stream, group } = await given(2);
    const reader = new Reader(node, stream, group, 1);
    const [event] = await reader.take(1);
    reader.ack({ id: '6f0c9a54-6a3a-4d4b-8d53-000000000000' }, { id: 'no uuid' });
    reader.nack('PARK', '', { id: '6f0c9a54-6a3a-4d4b-8d53-000000000000' });
    reader.ack(event!);
    expect(revisions(await reader.take(1))).toEqual([1]);
    reader.leave();
  });

  it('gets again what it did not answer in time, though it lives', async () => {
    const { stream, group } = await given(1, { messageTimeout: 50, maxRetryCount: 2 });
    const reader = new Reader(node, stream, group);
    expect((await reader.take(3)).map(({ retries }) => retries)).toEqual([0, 1, 2]);
    reader.leave();
  });

  it('leaves what it did not answer to the next', async () => {
    const { stream, group } = await given(2);
    const first = new Reader(node, stream, group);
    await first.take(2);
    first.leave();
    const second = new Reader(node, stream, group);
    expect(await second.take(2)).toEqual([
      expect.objectContaining({ revision: 0, retries: 1 }),
      expect.objectContaining({ revision: 1, retries: 1 }),
    ]);
    second.leave();
  });

  it('gets nothing more of a stream that was deleted for good, read ahead or not', async () => {
    const [type, gone, kept, group] = [aName('type'), aName(), aName(), aName('group')];
    const all = persistentSubscriptionToAllSettingsFromDefaults({ startFrom: START });
    await node.client.createPersistentSubscriptionToAll(group, all, { filter: eventTypeFilter({ prefixes: [type] }) });
    for (const stream of [gone, gone, kept]) await node.client.appendToStream(stream, jsonEvent({ type, data: {} }));
    const reader = new Reader(node, '$all', group, 1);
    const [first] = await reader.take(1);
    const info = () => node.client.getPersistentSubscriptionToAllInfo(group);
    while ((await info()).stats.readBufferCount < 2) await sleep(10);
    await node.client.tombstoneStream(gone);
    reader.ack(first!);
    await reader.take(1);
    expect(reader.events.map(streamOf)).toEqual([gone, kept]);
    reader.leave();
  });

  it('hears live what is appended later, also of a stream that does not exist yet', async () => {
    const { stream, group, info } = await given(0);
    const reader = new Reader(node, stream, group);
    await reader.confirmed();
    await node.append(stream, 3);
    expect(revisions(await reader.take(3))).toEqual([0, 1, 2]);
    expect((await info()).status).toBe('Live');
    reader.leave();
  });
});

describe('where a group begins', () => {
  it.each([
    ['the start', START, [0, 1, 2]],
    ['a revision, inclusive', 2n, [2, 3, 4]],
  ] as const)('is %s', async (_, startFrom, expected) => {
    const { stream, group } = await given(5, { startFrom });
    const reader = new Reader(node, stream, group, 3);
    expect(revisions(await reader.take(3))).toEqual(expected);
    reader.leave();
  });

  it('is after what there is, from the end', async () => {
    const { stream, group } = await given(5, { startFrom: 'end' });
    const reader = new Reader(node, stream, group);
    await reader.confirmed();
    await node.append(stream, 1);
    expect(revisions(await reader.take(1))).toEqual([5]);
    reader.leave();
  });

  it('is a position of $all, inclusive', async () => {
    const [stream, group] = [aName(), aName('group')];
    const appended = await node.client.appendToStream(
      stream,
      [1, 2, 3].map((n) => jsonEvent({ type: 'placed', data: { n } })),
    );
    const { commit } = appended.position!;
    const startFrom = { commit: commit - 1n, prepare: commit - 1n };
    const filter = eventTypeFilter({ prefixes: ['placed'] });
    await node.client.createPersistentSubscriptionToAll(
      group,
      persistentSubscriptionToAllSettingsFromDefaults({ startFrom }),
      { filter },
    );
    const reader = new Reader(node, '$all', group);
    expect(revisions(await reader.take(2))).toEqual([1, 2]);
    reader.leave();
  });
});

describe('several consumers', () => {
  it('are filled one after the other by DispatchToSingle', async () => {
    const { stream, group } = await given(0, { consumerStrategyName: 'DispatchToSingle' });
    const readers = [new Reader(node, stream, group, 5), new Reader(node, stream, group, 5)];
    for (const reader of readers) await reader.confirmed();
    await node.append(stream, 20);
    expect(revisions(await readers[0]!.take(5))).toEqual(upTo(5));
    expect(revisions(await readers[1]!.take(5))).toEqual(upTo(10, 5));
    for (const reader of readers) reader.leave();
  });

  it('share by RoundRobin what comes', async () => {
    const { stream, group } = await given(0, { consumerStrategyName: 'RoundRobin' });
    const readers = [new Reader(node, stream, group, 10), new Reader(node, stream, group, 10)];
    for (const reader of readers) await reader.confirmed();
    await node.append(stream, 20);
    const [some, others] = [revisions(await readers[0]!.take(10)), revisions(await readers[1]!.take(10))];
    expect([...some, ...others].toSorted((a, b) => a - b)).toEqual(upTo(20));
    for (const reader of readers) reader.leave();
  });

  it('get by Pinned all of one stream or nothing of it', async () => {
    const [type, group] = [aName('type'), aName('group')];
    const filter = eventTypeFilter({ prefixes: [type] });
    const pinned = persistentSubscriptionToAllSettingsFromDefaults({ consumerStrategyName: 'Pinned' });
    await node.client.createPersistentSubscriptionToAll(group, pinned, { filter });
    const readers = [new Reader(node, '$all', group, 50), new Reader(node, '$all', group, 50)];
    for (const reader of readers) await reader.confirmed();
    for (const stream of [aName(), aName(), aName(), aName()])
      await node.client.appendToStream(
        stream,
        [1, 2, 3].map((n) => jsonEvent({ type, data: { n } })),
      );
    const streamsOf = (reader: Reader) => new Set(reader.events.map(streamOf));
    await Promise.all(readers.map((reader) => reader.take(6)));
    const [some, others] = readers.map(streamsOf);
    expect([some!.size, others!.size]).toEqual([2, 2]);
    expect(new Set([...some!, ...others!]).size).toBe(4);
    for (const reader of readers) reader.leave();
  });
});

describe('the official client', () => {
  it('works a filtered group on $all to its end, and parks what it will not have', async () => {
    const [type, stream, group] = [aName('type'), aName(), aName('group')];
    await node.append(stream, 5);
    await node.client.createPersistentSubscriptionToAll(
      group,
      persistentSubscriptionToAllSettingsFromDefaults({ startFrom: START }),
      { filter: eventTypeFilter({ prefixes: [type] }) },
    );
    await node.client.appendToStream(
      stream,
      upTo(5).map((n) => jsonEvent({ type, data: { n } })),
    );
    const subscription = node.client.subscribeToPersistentSubscriptionToAll(group);
    const seen: bigint[] = [];
    for await (const event of subscription) {
      seen.push(event.event!.revision);
      if (seen.length === 2) await subscription.nack(PARK, 'no good', event);
      else await subscription.ack(event);
      if (seen.length === 5) break;
    }
    expect(seen).toEqual([5n, 6n, 7n, 8n, 9n]);
    const parked = await node.eventually(`$persistentsubscription-$all::${group}-parked`, 1);
    expect(Buffer.from(parked[0]!.data as Uint8Array).toString()).toBe(`6@${stream}`);
  });
});
