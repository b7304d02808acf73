import { randomUUID } from 'node:crypto';
import { join } from 'node:path';
import type { EventData, EventStore, LogFilter } from '#event-store';
import { openEmbeddedEventStore } from '../../eventstore/embedded/index.js';
import { BareLog } from './bare-log.js';
import { type Bench, type BenchResult, inDirectory, perSecond, sideBySide, type Yardstick } from './bench.js';

const ROUNDS = 5;

/** What a candidate's prompt takes in the log: some 450 bytes of data, 200 of metadata. */
const event = (): EventData => ({
  id: randomUUID(),
  type: 'prompt_submitted',
  contentType: 'application/json',
  data: Buffer.from(
    JSON.stringify({ callerId: randomUUID(), timestampMs: Date.now(), phase: 'build', text: 'x'.repeat(330) }),
  ),
  metadata: Buffer.from(
    JSON.stringify({
      v: 1,
      recordedAt: new Date().toISOString(),
      commandId: randomUUID(),
      actor: { kind: 'candidate' },
    }),
  ),
});

interface Appending {
  readonly writers: number;
  readonly batch: number;
  readonly events: number;
  /** Lowest and highest of what EventStoreDB 23.10 gave through its client on 2 cores and 24 GiB, measured once. */
  readonly eventStoreDb: readonly [number, number];
}

/** Its server is not part of this run: the middle (geometric) of figures taken once stands for it. */
const eventStoreDb = (lowest: number, highest: number): Yardstick => ({
  name: `EventStoreDB 23.10 through its client, measured once: ${lowest.toLocaleString('en-US')}–${highest.toLocaleString('en-US')}`,
  measured: Math.sqrt(lowest * highest),
  goal: 3,
});

/** Each writer has a stream of its own and waits for each answer before its next append. */
async function appendAll(store: EventStore, plan: Appending, events: readonly EventData[]): Promise<void> {
  const each = events.length / plan.writers;
  const write = async (writer: number): Promise<void> => {
    const stream = `session-bench.${randomUUID()}`;
    let last: bigint | 'no_stream' = 'no_stream';
    for (let at = writer * each; at < (writer + 1) * each; at += plan.batch)
      last = (await store.append(stream, last, events.slice(at, at + plan.batch))).revision;
  };
  await Promise.all(Array.from({ length: plan.writers }, (_, writer) => write(writer)));
}

const appending = (what: string, plan: Appending): Bench => ({
  name: `event log: ${what}`,
  run: () =>
    inDirectory(async (directory): Promise<BenchResult[]> => {
      const store = await openEmbeddedEventStore({ directory: join(directory, 'ours') });
      const bare = new BareLog(join(directory, 'bare.db'));
      const events = Array.from({ length: plan.events }, event);
      await appendAll(store, plan, events); // warm: compiled code, a grown file
      bare.append(events, plan.writers, plan.batch);
      const measured = await sideBySide(
        ROUNDS,
        () => perSecond(events.length, () => appendAll(store, plan, events)),
        () => perSecond(events.length, () => bare.append(events, plan.writers, plan.batch)),
      );
      await store.close();
      bare.close();
      return [
        {
          what,
          measured: measured.ours,
          unit: 'events/s',
          yardsticks: [
            { name: 'bare node:sqlite loop, same durability and commits', measured: measured.bare, goal: 0.6 },
            eventStoreDb(...plan.eventStoreDb),
          ],
        },
      ];
    }),
});

const CAUGHT_UP = 200_000;
const text = new TextDecoder();

async function catchUp(store: EventStore, filter?: LogFilter): Promise<number> {
  let parsed = 0;
  for await (const message of store.subscribe({ after: 'start', ...(filter && { filter }) })) {
    if (message.kind === 'caught_up') break;
    if (message.kind === 'events')
      for (const { data } of message.events) if (JSON.parse(text.decode(data))) parsed += 1;
  }
  return parsed;
}

const catchingUp: Bench = {
  name: 'event log: catch-up subscription',
  run: () =>
    inDirectory(async (directory): Promise<BenchResult[]> => {
      const store = await openEmbeddedEventStore({ directory: join(directory, 'ours') });
      const bare = new BareLog(join(directory, 'bare.db'));
      const plan = { writers: 100, batch: 100, events: CAUGHT_UP, eventStoreDb: [0, 0] } as const;
      const events = Array.from({ length: CAUGHT_UP }, event);
      await appendAll(store, plan, events);
      bare.append(events, 100, 100);
      const whole = async (read: Promise<number> | number): Promise<void> => {
        const found = await read;
        if (found !== CAUGHT_UP) throw new Error(`${found} events of ${CAUGHT_UP} were read.`);
      };
      await whole(catchUp(store));
      await whole(bare.scan());
      const measured = await sideBySide(
        ROUNDS,
        () => perSecond(CAUGHT_UP, () => whole(catchUp(store))),
        () => perSecond(CAUGHT_UP, () => whole(bare.scan())),
      );
      await store.close();
      bare.close();
      return [
        {
          what: 'catch-up subscription, JSON parsed',
          measured: measured.ours,
          unit: 'events/s',
          yardsticks: [
            { name: 'bare SQLite scan with JSON parse', measured: measured.bare, goal: 0.4 },
            eventStoreDb(56_000, 72_000),
          ],
        },
      ];
    }),
};

export const eventLogBenches: readonly Bench[] = [
  appending('durable appends, 1 writer', { writers: 1, batch: 1, events: 4_000, eventStoreDb: [1_080, 1_550] }),
  appending('durable appends, 256 writers', { writers: 256, batch: 1, events: 51_200, eventStoreDb: [8_950, 11_200] }),
  appending('durable appends, 1 writer, batches of 100', {
    writers: 1,
    batch: 100,
    events: 50_000,
    eventStoreDb: [14_000, 50_000],
  }),
  appending('durable appends, 16 writers, batches of 100', {
    writers: 16,
    batch: 100,
    events: 80_000,
    eventStoreDb: [14_000, 50_000],
  }),
  catchingUp,
];
