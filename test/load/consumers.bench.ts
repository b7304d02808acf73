import { randomUUID } from 'node:crypto';
import type { ConsumerGroups, EventData, EventStore } from '#event-store';
import { SystemClock } from '#platform';
import { openEmbeddedConsumerGroups, openEmbeddedEventStore } from '../../eventstore/embedded/index.js';
import { type Bench, type BenchResult, inDirectory, median, perSecond } from './bench.js';

const EVENTS = 100_000;
const ROUNDS = 3;
const GROUP = 'bench';
const TYPE = 'session_submitted';
/** Lowest and highest of what EventStoreDB 23.10 gave through its client on 2 cores and 24 GiB, measured once. */
const EVENT_STORE_DB = [9_300, 21_000] as const;

const event = (): EventData => ({
  id: randomUUID(),
  type: TYPE,
  contentType: 'application/json',
  data: Buffer.from(JSON.stringify({ submittedAt: new Date().toISOString(), text: 'x'.repeat(400) })),
  metadata: Buffer.from('{"v":1}'),
});

async function fill(log: EventStore): Promise<void> {
  for (let at = 0; at < EVENTS; at += 500)
    await log.append(`session-bench.${randomUUID()}`, 'no_stream', Array.from({ length: 500 }, event));
}

/** Every event handed out once and acknowledged, by so many at once. */
async function consumeAll(groups: ConsumerGroups, consumers: number): Promise<void> {
  await groups.remove(GROUP);
  await groups.ensure(GROUP, { types: [TYPE], after: 'start' });
  let left = EVENTS;
  const end = new AbortController();
  const consume = async (): Promise<void> => {
    for await (const delivery of groups.consume(GROUP, { signal: end.signal })) {
      await delivery.ack();
      left -= 1;
      if (left === 0) end.abort();
    }
  };
  await Promise.all(Array.from({ length: consumers }, consume));
}

const consuming = (consumers: number): Bench => ({
  name: `consumers: ${consumers}`,
  run: () =>
    inDirectory(async (directory): Promise<BenchResult[]> => {
      const log = await openEmbeddedEventStore({ directory });
      const groups = await openEmbeddedConsumerGroups({ directory, log, clock: new SystemClock() });
      await fill(log);
      await consumeAll(groups, consumers); // warm
      const rates: number[] = [];
      for (let round = 0; round < ROUNDS; round += 1)
        rates.push(await perSecond(EVENTS, () => consumeAll(groups, consumers)));
      await groups.close();
      await log.close();
      const [lowest, highest] = EVENT_STORE_DB;
      const range = `${lowest.toLocaleString('en-US')}–${highest.toLocaleString('en-US')}`;
      return [
        {
          what: `competing consumers, ${consumers} in one process, each event acknowledged`,
          measured: median(rates),
          unit: 'events/s',
          yardsticks: [
            {
              name: `EventStoreDB 23.10 through its client, measured once: ${range}`,
              measured: Math.sqrt(lowest * highest),
              goal: 3,
            },
          ],
        },
      ];
    }),
});

export const consumerBenches: readonly Bench[] = [consuming(1), consuming(4)];
