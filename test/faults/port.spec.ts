import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, it } from '@jest/globals';
import {
  type AppendResult,
  areSameEvents,
  type EventData,
  type EventStore,
  type ExpectedRevision,
  isEventStoreError,
  type RecordedEvent,
} from '#event-store';
import { event, ids, wholeLog } from '../../eventstore/contract/given.js';
import { STORM, World } from './world.js';

const WRITERS = 6;
const APPENDS = 20;

/** As the house's own writers do: what may have been written is asked again with the same events. */
async function appendSurely(
  store: EventStore,
  stream: string,
  expected: ExpectedRevision,
  events: readonly EventData[],
): Promise<AppendResult> {
  for (;;) {
    try {
      return await store.append(stream, expected, events);
    } catch (error) {
      if (!isEventStoreError(error, 'unknown_outcome', 'unavailable')) throw error;
    }
  }
}

interface Written {
  readonly stream: string;
  readonly events: EventData[];
  readonly positions: Map<string, bigint>;
}

async function writeAlone(store: EventStore, stream: string, random: () => number): Promise<Written> {
  const written: Written = { stream, events: [], positions: new Map() };
  let last: ExpectedRevision = 'no_stream';
  for (let append = 0; append < APPENDS; append += 1) {
    const batch = Array.from({ length: 1 + Math.floor(random() * 3) }, (_, index) =>
      event('written', { append, index }),
    );
    const { revision, position } = await appendSurely(store, stream, last, batch);
    written.events.push(...batch);
    written.positions.set(batch.at(-1)!.id, position);
    expect(revision).toBe(BigInt(written.events.length - 1));
    last = revision;
  }
  return written;
}

/** Several on one stream, each at the revision it has read. */
async function writeTogether(store: EventStore, stream: string, writer: number): Promise<EventData[]> {
  const own: EventData[] = [];
  while (own.length < 6) {
    const one = event('contended', { writer, at: own.length });
    const read = await store.readStream(stream, { direction: 'backwards', limit: 1 }).catch(() => undefined);
    if (!read) continue;
    try {
      await appendSurely(store, stream, read.lastRevision ?? 'no_stream', [one]);
      own.push(one);
    } catch (error) {
      if (!isEventStoreError(error, 'wrong_expected_revision')) throw error;
    }
  }
  return own;
}

async function follow(store: EventStore, seen: RecordedEvent[], signal: AbortSignal): Promise<void> {
  for await (const message of store.subscribe({ after: 'start', batchSize: 16, signal }))
    if (message.kind === 'events') seen.push(...message.events);
}

async function checkAll(
  world: World,
  alone: readonly Written[],
  together: readonly EventData[],
  seen: readonly RecordedEvent[],
): Promise<void> {
  const log = await wholeLog(await world.witness(), 'start', undefined, 500);
  const byStream = Map.groupBy(log, ({ stream }) => stream);
  for (const { stream, events, positions } of alone) {
    const stored = byStream.get(stream) ?? [];
    expect(ids(stored)).toEqual(ids(events));
    expect(areSameEvents(stored, events)).toBe(true);
    for (const one of stored) expect(positions.get(one.id) ?? one.position).toBe(one.position);
  }
  expect(new Set(ids(byStream.get('shared') ?? []))).toEqual(new Set(ids(together)));
  expect(new Set(ids(log)).size).toBe(log.length);
  for (const stored of byStream.values())
    expect(stored.map(({ revision }) => revision)).toEqual(stored.map((_, index) => BigInt(index)));
  const end = Date.now() + 15_000;
  while (seen.length < log.length && Date.now() < end) await sleep(20);
  expect(ids(seen)).toEqual(ids(log));
}

async function story(world: World, trouble: () => Promise<void>): Promise<void> {
  const [writing, reading] = [await world.client(), await world.client()];
  const seen: RecordedEvent[] = [];
  const over = new AbortController();
  const following = follow(reading, seen, over.signal);
  world.proxy.weather = STORM;
  const troubled = trouble();
  const alone = await Promise.all(
    Array.from({ length: WRITERS }, (_, writer) => writeAlone(writing, `alone-${writer}`, world.random)),
  );
  const together = await Promise.all([writing, reading].map((store, index) => writeTogether(store, 'shared', index)));
  await troubled;
  world.proxy.calm();
  await checkAll(world, alone, together.flat(), seen);
  over.abort();
  await following;
}

describe('the log through a bad network', () => {
  it('loses and doubles nothing while connections are cut in the middle, go silent, lag and come twice', async () => {
    await using world = await World.make('bad network');
    // The dice are thrown besides: this is so that none of it is left out.
    await story(world, async () => {
      for (const trouble of ['duplicate', 'cut', 'drop', 'cut'] as const) {
        world.proxy.due.add(trouble);
        await sleep(50 + world.random() * 100);
      }
    });
    const { cut, dropped, duplicated } = world.proxy.happened;
    expect(Math.min(cut, dropped, duplicated)).toBeGreaterThan(0);
  });

  it('loses and doubles nothing while the server is killed and comes back', async () => {
    await using world = await World.make('killed server');
    await story(world, async () => {
      for (let round = 0; round < 3; round += 1) {
        await sleep(150 + world.random() * 200);
        await world.node.kill();
        await sleep(world.random() * 100);
        await world.node.restart();
      }
    });
  });
});
