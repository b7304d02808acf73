import { randomUUID } from 'node:crypto';
import { EventStoreDBClient } from '@eventstore/db-client';
import { type EventStoreDbEventStore, openEventStoreDb } from '#event-store/eventstoredb/index.js';
import { NodeProcess } from '#event-store/eventstoredb/testing/node-process.js';
import { SystemClock } from '#platform';
import { openEmbeddedConsumerGroups, openEmbeddedEventStore } from '../../eventstore/embedded/index.js';
import { type Bench, type BenchResult, inDirectory, median, perSecond, type Yardstick } from './bench.js';
import { ClientWay, PortWay, type Way } from './wire-ways.js';

/** Lowest and highest of what EventStoreDB 23.10 gave through its client on 2 cores and 24 GiB, measured once. */
type Range = readonly [number, number];

interface Row {
  readonly what: string;
  readonly eventStoreDb: Range | undefined;
  /** Of the real single server's figure. */
  readonly goal: number;
  /** Events a second. */
  run<Event>(way: Way<Event>): Promise<number>;
}

const ROUNDS = 3;
const STORED = 20_000;

const appending =
  (writers: number, batch: number, count: number): Row['run'] =>
  async <Event>(way: Way<Event>) => {
    const events = Array.from({ length: count }, way.event);
    const each = count / writers;
    const write = async (writer: number): Promise<void> => {
      const append = way.appender(`session-bench.${randomUUID()}`);
      for (let at = writer * each; at < (writer + 1) * each; at += batch) await append(events.slice(at, at + batch));
    };
    return perSecond(count, async () => {
      await Promise.all(Array.from({ length: writers }, (_, writer) => write(writer)));
    });
  };

const all = async (count: number, work: () => Promise<number>): Promise<number> =>
  perSecond(count, async () => {
    const found = await work();
    if (found < count) throw new Error(`${found} events of ${count} came.`);
  });

const ROWS: readonly Row[] = [
  { what: 'appends, 1 writer', eventStoreDb: [1_080, 1_550], goal: 1, run: appending(1, 1, 400) },
  { what: 'appends, 256 writers', eventStoreDb: [8_950, 11_200], goal: 1, run: appending(256, 1, 10_240) },
  {
    what: 'appends, 1 writer, batches of 100',
    eventStoreDb: [14_000, 50_000],
    goal: 1,
    run: appending(1, 100, 10_000),
  },
  {
    what: 'reading a stream of 1,000 events',
    eventStoreDb: undefined,
    goal: 0.5,
    run: (way) => all(20_000, () => way.readStreams(20)),
  },
  {
    what: 'catch-up of $all, JSON parsed',
    eventStoreDb: [56_000, 72_000],
    goal: 0.5,
    run: (way) => all(STORED, () => way.catchUp(STORED)),
  },
  {
    what: 'competing consumer, each event acknowledged',
    eventStoreDb: [9_300, 21_000],
    goal: 0.5,
    run: (way) => all(STORED, () => way.consume(STORED)),
  },
];

interface Ways {
  readonly embedded: PortWay;
  readonly port: PortWay;
  readonly client: ClientWay;
  close(): Promise<void>;
}

/**
 * Three ways to the same thing: the embedded log, our port over a node, and EventStoreDB's own client over another one:
 * our port hears whatever is written to its node, and would cost the official client's rows in this very process.
 */
async function openWays(directory: string): Promise<Ways> {
  const log = await openEmbeddedEventStore({ directory });
  const groups = await openEmbeddedConsumerGroups({ directory, log, clock: new SystemClock() });
  const nodes = [await NodeProcess.start(), await NodeProcess.start()] as const;
  const remote: EventStoreDbEventStore = await openEventStoreDb({ url: nodes[0].connectionString });
  const remoteGroups = remote.consumerGroups();
  const client = EventStoreDBClient.connectionString(nodes[1].connectionString);
  return {
    embedded: new PortWay(log, groups),
    port: new PortWay(remote, remoteGroups),
    client: new ClientWay(client),
    close: async () => {
      await groups.close();
      await log.close();
      await remoteGroups.close();
      await remote.close();
      await client.dispose();
      for (const node of nodes) await node[Symbol.asyncDispose]();
    },
  };
}

const yardsticks = ({ eventStoreDb, goal }: Row, embedded: number): Yardstick[] => {
  const beside: Yardstick = { name: 'the same on the embedded port, in this process', measured: embedded };
  if (!eventStoreDb) return [beside];
  const [lowest, highest] = eventStoreDb;
  const range = `${lowest.toLocaleString('en-US')}–${highest.toLocaleString('en-US')}`;
  const name = `EventStoreDB 23.10 through its client, measured once: ${range}`;
  return [{ name, measured: Math.sqrt(lowest * highest), goal }, beside];
};

const wire: Bench = {
  name: 'wire: eventstore/node through its clients',
  run: () =>
    inDirectory(async (directory): Promise<BenchResult[]> => {
      const ways = await openWays(directory);
      const { embedded, port, client } = ways;
      for (const way of [embedded, port, client]) await way.fill(STORED);
      const results: BenchResult[] = [];
      for (const row of ROWS) {
        console.error(`  ${row.what} …`);
        const rates = { embedded: [] as number[], port: [] as number[], client: [] as number[] };
        // One round more, to warm.
        for (let round = 0; round <= ROUNDS; round += 1)
          for (const [name, run] of [
            ['embedded', () => row.run(embedded)],
            ['port', () => row.run(port)],
            ['client', () => row.run(client)],
          ] as const) {
            const rate = await run();
            if (round > 0) rates[name].push(rate);
          }
        const beside = yardsticks(row, median(rates.embedded));
        const unit = 'events/s';
        results.push(
          {
            what: `over the wire, official client: ${row.what}`,
            measured: median(rates.client),
            unit,
            yardsticks: beside,
          },
          { what: `over the wire, our port: ${row.what}`, measured: median(rates.port), unit, yardsticks: beside },
        );
      }
      await ways.close();
      return results;
    }),
};

export const wireBenches: readonly Bench[] = [wire];
