import {
  eventTypeFilter,
  jsonEvent,
  persistentSubscriptionToAllSettingsFromDefaults,
  persistentSubscriptionToStreamSettingsFromDefaults,
  START,
} from '@eventstore/db-client';
import messages, { type CreateReq, type UpdateReq } from '@eventstore/db-client/generated/persistent_pb.js';
import shared from '@eventstore/db-client/generated/shared_pb.js';
import type { ServiceError } from '@grpc/grpc-js';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { identifier, Reader } from '../testing/reader.js';
import { aName, failureOf, WholeNode } from '../testing/whole-node.js';

let node: WholeNode;
beforeAll(async () => {
  node = await WholeNode.start();
});
afterAll(() => node[Symbol.asyncDispose]());

const settings = (more: object = {}) =>
  persistentSubscriptionToStreamSettingsFromDefaults({ startFrom: START, ...more });

async function given(more: object = {}) {
  const [stream, group] = [aName(), aName('group')];
  await node.client.createPersistentSubscriptionToStream(stream, group, settings(more));
  return { stream, group };
}

/** A call of the bare service by its method. */
const ask = <Request, Response>(
  method: (request: Request, done: (error: ServiceError | null, response: Response) => void) => unknown,
  request: Request,
): Promise<Response> =>
  new Promise((resolve, reject) => {
    method.call(node.raw, request, (error, response) => (error ? reject(error) : resolve(response)));
  });

function creation(stream: string, group: string, change: (given: CreateReq.Settings) => unknown = () => {}): CreateReq {
  const { Options, Settings, StreamOptions } = messages.CreateReq;
  const wanted = new Settings().setHistoryBufferSize(500).setReadBatchSize(20).setMaxRetryCount(10);
  wanted.setMessageTimeoutMs(30_000).setCheckpointAfterMs(2_000);
  change(wanted);
  const where = new StreamOptions().setStreamIdentifier(identifier(stream)).setStart(new shared.Empty());
  return new messages.CreateReq().setOptions(new Options().setStream(where).setGroupName(group).setSettings(wanted));
}

function update(stream: string, group: string): UpdateReq {
  const { Options, Settings, StreamOptions } = messages.UpdateReq;
  const wanted = new Settings().setHistoryBufferSize(500).setReadBatchSize(20);
  const where = new StreamOptions().setStreamIdentifier(identifier(stream)).setStart(new shared.Empty());
  return new messages.UpdateReq().setOptions(new Options().setStream(where).setGroupName(group).setSettings(wanted));
}

const { DeleteReq, GetInfoReq, ListReq, ReplayParkedReq } = messages;

describe('a group', () => {
  it('is made once', async () => {
    const { stream, group } = await given();
    expect(await failureOf(ask(node.raw.create, creation(stream, group)))).toEqual({
      code: 6,
      details: `Subscription group ${group} on stream ${stream} exists.`,
      trailers: { exception: 'persistent-subscription-exists', 'stream-name': stream, 'group-name': group },
    });
    const all = aName('group');
    await node.client.createPersistentSubscriptionToAll(all, persistentSubscriptionToAllSettingsFromDefaults());
    const again = node.client.createPersistentSubscriptionToAll(all, persistentSubscriptionToAllSettingsFromDefaults());
    await expect(again).rejects.toMatchObject({ type: 'persistent-subscription-exists', streamName: '$all' });
  });

  it.each([
    ['updated', (stream: string, group: string) => ask(node.raw.update, update(stream, group))],
    [
      'deleted',
      (stream: string, group: string) =>
        ask(
          node.raw.delete,
          new DeleteReq().setOptions(
            new DeleteReq.Options().setStreamIdentifier(identifier(stream)).setGroupName(group),
          ),
        ),
    ],
    [
      'described',
      (stream: string, group: string) =>
        ask(
          node.raw.getInfo,
          new GetInfoReq().setOptions(
            new GetInfoReq.Options().setStreamIdentifier(identifier(stream)).setGroupName(group),
          ),
        ),
    ],
    [
      'replayed',
      (stream: string, group: string) =>
        ask(
          node.raw.replayParked,
          new ReplayParkedReq().setOptions(
            new ReplayParkedReq.Options().setStreamIdentifier(identifier(stream)).setGroupName(group),
          ),
        ),
    ],
    ['read', (stream: string, group: string) => new Reader(node, stream, group).failed],
  ])('that there is not cannot be %s', async (_, call) => {
    const [stream, group] = [aName(), aName('group')];
    expect(await failureOf(call(stream, group))).toEqual({
      code: 5,
      details: `Subscription group ${group} on stream ${stream} does not exist.`,
      trailers: { exception: 'persistent-subscription-does-not-exist', 'stream-name': stream, 'group-name': group },
    });
  });

  it('is listed by its stream, or among all; a stream without any is refused', async () => {
    const { stream, group } = await given();
    const of = (source: string) =>
      node.client.listPersistentSubscriptionsToStream(source).then((found) => found.map(({ groupName }) => groupName));
    expect(await of(stream)).toEqual([group]);
    expect((await node.client.listAllPersistentSubscriptions()).map(({ groupName }) => groupName)).toContain(group);
    const none = aName();
    const request = new ListReq().setOptions(
      new ListReq.Options().setListForStream(new ListReq.StreamOption().setStream(identifier(none))),
    );
    expect(await failureOf(ask(node.raw.list, request))).toMatchObject({
      code: 5,
      details: `Subscription group  on stream ${none} does not exist.`,
      trailers: { exception: 'persistent-subscription-does-not-exist', 'stream-name': none },
    });
  });

  it('reads no more at once than it can hold', async () => {
    const [stream, group] = [aName(), aName('group')];
    const reason =
      "Specified argument was out of the range of valid values. (Parameter 'ReadBatchSize may not be greater than or equal to BufferSize')";
    const call = ask(
      node.raw.create,
      creation(stream, group, (wanted) => wanted.setReadBatchSize(500)),
    );
    expect(await failureOf(call)).toEqual({
      code: 13,
      details: `Subscription group ${group} on stream ${stream} failed: '${reason}'`,
      trailers: { exception: 'persistent-subscription-failed', 'stream-name': stream, 'group-name': group, reason },
    });
  });

  it('is refused a strategy that there is not', async () => {
    const [stream, group] = [aName(), aName('group')];
    const call = ask(
      node.raw.create,
      creation(stream, group, (wanted) => wanted.setConsumerStrategy('Loudest')),
    );
    expect((await failureOf(call)).trailers).toMatchObject({ reason: 'Consumer strategy Loudest does not exist.' });
  });

  it('takes as many consumers as it was told', async () => {
    const { stream, group } = await given({ maxSubscriberCount: 1 });
    const first = new Reader(node, stream, group);
    await first.confirmed();
    expect(await failureOf(new Reader(node, stream, group).failed)).toEqual({
      code: 9,
      details: `Maximum subscriptions reached for subscription group ${group} on stream ${stream}.`,
      trailers: { exception: 'maximum-subscribers-reached', 'stream-name': stream, 'group-name': group },
    });
    first.leave();
  });

  it.each(['updated', 'deleted'])('that is %s drops its readers', async (what) => {
    const { stream, group } = await given();
    const reader = new Reader(node, stream, group);
    await reader.confirmed();
    if (what === 'updated') await node.client.updatePersistentSubscriptionToStream(stream, group, settings());
    else await node.client.deletePersistentSubscriptionToStream(stream, group);
    expect(await failureOf(reader.failed)).toEqual({
      code: 1,
      details: `Subscription group ${group} on stream ${stream} was dropped.`,
      trailers: { exception: 'persistent-subscription-dropped', 'stream-name': stream, 'group-name': group },
    });
  });

  it('goes on where it was when it is updated, without a try counted for what was under way', async () => {
    const { stream, group } = await given();
    await node.append(stream, 3);
    const reader = new Reader(node, stream, group);
    const [first] = await reader.take(3);
    reader.ack(first!);
    await acknowledged(stream, group);
    await node.client.updatePersistentSubscriptionToStream(stream, group, settings({ maxRetryCount: 3 }));
    const next = new Reader(node, stream, group);
    expect(await next.take(2)).toEqual([
      expect.objectContaining({ revision: 1, retries: 0 }),
      expect.objectContaining({ revision: 2, retries: 0 }),
    ]);
    expect((await node.client.getPersistentSubscriptionToStreamInfo(stream, group)).settings.maxRetryCount).toBe(3);
    next.leave();
  });

  it('begins anew under its name when it was deleted, without what it had parked', async () => {
    const { stream, group } = await given();
    await node.append(stream, 2);
    const reader = new Reader(node, stream, group);
    const [first, second] = await reader.take(2);
    reader.nack('PARK', '', first!);
    reader.ack(second!);
    await node.eventually(`$persistentsubscription-${stream}::${group}-parked`, 1);
    await node.client.deletePersistentSubscriptionToStream(stream, group);
    await node.client.createPersistentSubscriptionToStream(stream, group, settings());
    const next = new Reader(node, stream, group);
    expect((await next.take(2)).map(({ revision }) => revision)).toEqual([0, 1]);
    const { stats } = await node.client.getPersistentSubscriptionToStreamInfo(stream, group);
    expect(stats.parkedMessageCount).toBe(0n);
    next.leave();
  });

  it('keeps its place in a stream of its own once enough is done', async () => {
    const { stream, group } = await given({ checkPointUpperBound: 20 });
    await node.append(stream, 20);
    const reader = new Reader(node, stream, group, 20);
    reader.ack(...(await reader.take(20)));
    const [checkpoint] = await node.eventually(`$persistentsubscription-${stream}::${group}-checkpoint`, 1);
    expect(checkpoint).toMatchObject({ type: 'SubscriptionCheckpoint', isJson: true, data: '19' });
    const { stats } = await node.client.getPersistentSubscriptionToStreamInfo(stream, group);
    expect(stats).toMatchObject({ lastCheckpointedEventRevision: 19n, lastKnownEventRevision: 19n, totalItems: 20n });
    reader.leave();
  });

  it('keeps its place after some time when less is done, by position on $all', async () => {
    const [type, stream, group] = [aName('type'), aName(), aName('group')];
    const wanted = persistentSubscriptionToAllSettingsFromDefaults({
      startFrom: START,
      checkPointAfter: 30,
      checkPointLowerBound: 1,
    });
    await node.client.createPersistentSubscriptionToAll(group, wanted, {
      filter: eventTypeFilter({ prefixes: [type] }),
    });
    await node.client.appendToStream(stream, jsonEvent({ type, data: {} }));
    const reader = new Reader(node, '$all', group);
    reader.ack(...(await reader.take(1)));
    const position = reader.events[0]!.getCommitPosition();
    const [checkpoint] = await node.eventually(`$persistentsubscription-$all::${group}-checkpoint`, 1);
    expect(checkpoint!.data).toBe(`C:${position}/P:${position}`);
    reader.leave();
  });

  it('is in the configuration with its settings, for as long as it is', async () => {
    const { stream, group } = await given({ maxRetryCount: 7 });
    const newest = async () => {
      const [event] = (await node.events('$persistentSubscriptionConfig')).slice(-1);
      const { entries, ...rest } = event!.data as { version: string; entries: { stream: string }[] };
      return { type: event!.type, version: rest.version, entry: entries.find((entry) => entry.stream === stream) };
    };
    expect(await newest()).toEqual({
      type: '$PersistentConfig',
      version: '2',
      entry: expect.objectContaining({ group, maxRetryCount: 7, namedConsumerStrategy: 'RoundRobin' }),
    });
    await node.client.deletePersistentSubscriptionToStream(stream, group);
    expect((await newest()).entry).toBeUndefined();
  });
});

describe('the groups of a node', () => {
  it('are there again after a restart, with filter, settings, place and parked events', async () => {
    const [type, stream, group] = [aName('type'), aName(), aName('group')];
    const filter = eventTypeFilter({ prefixes: [type, 'other'] });
    const wanted = persistentSubscriptionToAllSettingsFromDefaults({ startFrom: START, maxRetryCount: 4 });
    await node.client.createPersistentSubscriptionToAll(group, wanted, { filter });
    await node.client.appendToStream(
      stream,
      [0, 1, 2].map((n) => jsonEvent({ type, data: { n } })),
    );
    const reader = new Reader(node, '$all', group);
    const [first, second] = await reader.take(3);
    reader.ack(first!);
    reader.nack('PARK', '', second!);
    await node.eventually(`$persistentsubscription-$all::${group}-parked`, 1);
    const before = await node.client.getPersistentSubscriptionToAllInfo(group);
    await node.restart();
    const after = await node.client.getPersistentSubscriptionToAllInfo(group);
    expect(after.settings).toEqual(before.settings);
    expect(after.stats.parkedMessageCount).toBe(1n);
    const next = new Reader(node, '$all', group);
    expect(await next.take(1)).toEqual([expect.objectContaining({ revision: 2, retries: 0 })]);
    next.leave();
  });

  it('hear after a restart what was appended since they were made from the end', async () => {
    const { stream, group } = await given({ startFrom: 'end' });
    await node.append(stream, 1);
    await node.restart();
    const reader = new Reader(node, stream, group);
    expect((await reader.take(1))[0]).toMatchObject({ revision: 0 });
    reader.leave();
  });

  it('begin again together when the subsystem is restarted: readers are dropped, nothing is lost', async () => {
    const { stream, group } = await given();
    await node.append(stream, 1);
    const reader = new Reader(node, stream, group);
    await reader.take(1);
    await node.client.restartPersistentSubscriptionSubsystem();
    expect(await failureOf(reader.failed)).toMatchObject({ code: 1 });
    const next = new Reader(node, stream, group);
    expect((await next.take(1))[0]).toMatchObject({ revision: 0 });
    next.leave();
  });
});

/** The group has heard the answer. */
async function acknowledged(stream: string, group: string): Promise<void> {
  const inFlight = async () =>
    (await node.client.getPersistentSubscriptionToStreamInfo(stream, group)).stats.totalInFlightMessages;
  while ((await inFlight()) !== 2);
}
