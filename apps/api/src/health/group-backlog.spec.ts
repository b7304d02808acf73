import { randomUUID } from 'node:crypto';
import { afterEach, describe, expect, it } from '@jest/globals';
import type { ConsumerGroups, EventData, EventStore } from '#event-store';
import { openEmbeddedConsumerGroups, openEmbeddedEventStore } from '#event-store/embedded/index.js';
import { openEventStoreDb } from '#event-store/eventstoredb/index.js';
import { NodeProcess } from '#event-store/eventstoredb/testing/node-process.js';
import { SettableClock, SystemClock } from '#platform';
import { GroupBacklog } from './group-backlog.js';

const GROUP = 'scoring';
const TYPES = ['wanted'];
const NOON = Date.parse('2026-11-22T12:00:00.000Z');

const event = (type: string, at: number): EventData => ({
  id: randomUUID(),
  type,
  contentType: 'application/json',
  data: Buffer.from('{}'),
  metadata: Buffer.from(JSON.stringify({ recordedAt: new Date(at).toISOString() })),
});

interface House {
  readonly log: EventStore;
  readonly groups: ConsumerGroups;
  close(): Promise<unknown>;
}

const embedded = async (): Promise<House> => {
  const log = await openEmbeddedEventStore({ memory: true });
  const groups = await openEmbeddedConsumerGroups({ directory: undefined, log, clock: new SystemClock() });
  return { log, groups, close: () => groups.close().then(() => log.close()) };
};
const eventStoreDb = async (): Promise<House> => {
  const node = await NodeProcess.start();
  const log = await openEventStoreDb({ url: node.connectionString });
  const groups = log.consumerGroups();
  return { log, groups, close: () => groups.close().then(() => log.close().then(() => node[Symbol.asyncDispose]())) };
};

describe.each([
  ['embedded', embedded],
  ['EventStoreDB', eventStoreDb],
] as const)('the backlog of a consumer group, %s', (_, open) => {
  let house: House | undefined;
  afterEach(() => house?.close());

  it('is what the group has still to do, and how old the oldest of it is', async () => {
    house = await open();
    const { log, groups } = house;
    const clock = new SettableClock(NOON);
    const backlog = new GroupBacklog(GROUP, { log, groups, clock });
    expect(await backlog.look()).toBeUndefined();
    await groups.ensure(GROUP, { types: TYPES, after: 'start' });
    expect(await backlog.look()).toEqual({ waiting: 0, oldestSeconds: 0, parked: 0 });

    const ages = [90, 60, 30].map((seconds) => NOON - seconds * 1_000);
    await log.append('s-1', 'no_stream', [event('other', NOON), ...ages.map((at) => event('wanted', at))]);
    await log.append('s-2', 'no_stream', [event('other', NOON)]);
    expect(await backlog.look()).toEqual({ waiting: 3, oldestSeconds: 90, parked: 0 });

    const deliveries = groups.consume(GROUP)[Symbol.asyncIterator]();
    const next = async () => (await deliveries.next()).value!;
    await (await next()).ack();
    await (await next()).park('not now');
    const becomes = async (waiting: number) => {
      for (;;) {
        const looked = await backlog.look();
        if (looked?.waiting === waiting) return looked;
      }
    };
    expect(await becomes(1)).toEqual({ waiting: 1, oldestSeconds: 30, parked: 1 });
    await (await next()).ack();
    expect(await becomes(0)).toEqual({ waiting: 0, oldestSeconds: 0, parked: 1 });
    await log.append('s-2', 0n, [event('wanted', NOON - 5_000)]);
    expect(await backlog.look()).toEqual({ waiting: 1, oldestSeconds: 5, parked: 1 });
    await deliveries.return?.();
  });
});
