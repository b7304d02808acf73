import { type ChildProcessByStdio, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import type { Readable } from 'node:stream';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from '@jest/globals';
import type { ConsumerGroups, EventStore, GroupDelivery } from '#event-store';
import { until } from '#platform/testing/until.js';
import { event, ids } from '../../eventstore/contract/given.js';
import { STORM, World } from './world.js';

const GROUP = 'faults';
const EVENTS = 40;
const PROCESS = fileURLToPath(new URL('./consuming-process.js', import.meta.url));

type Told = { handed?: string; acknowledged?: string; parked?: string };

class ConsumingProcess {
  readonly told: Told[] = [];
  private readonly child: ChildProcessByStdio<null, Readable, null>;

  constructor(url: string) {
    this.child = spawn(process.execPath, [PROCESS, url, GROUP], { stdio: ['ignore', 'pipe', 'inherit'] });
    createInterface({ input: this.child.stdout }).on('line', (line) => this.told.push(JSON.parse(line) as Told));
  }

  /** kill -9, once it has told so much. */
  async killAfter(handed: number): Promise<void> {
    while (this.told.filter((one) => one.handed).length < handed) await sleep(2);
    const ended = once(this.child, 'close');
    this.child.kill('SIGKILL');
    await ended;
  }

  of(what: keyof Told): string[] {
    return this.told.flatMap((one) => one[what] ?? []);
  }
}

const write = async (log: EventStore): Promise<string[]> => {
  const written = Array.from({ length: EVENTS }, (_, n) => event('wanted', { n }));
  await log.append('faults-1', 'no_stream', written.slice(0, EVENTS / 2));
  await log.append('faults-2', 'no_stream', written.slice(EVENTS / 2));
  return ids(written);
};

/** Takes from a group until nothing is left to do, handing each to `answer`. */
async function consume(
  groups: ConsumerGroups,
  answer: (delivery: GroupDelivery) => Promise<unknown>,
  isDone: () => boolean,
): Promise<void> {
  for await (const delivery of groups.consume(GROUP, { buffer: 8 })) {
    await answer(delivery);
    if (isDone()) return;
  }
}

describe('a group whose consumer is killed in the middle of a batch', () => {
  it('hands out again what was not answered, and keeps what was', async () => {
    await using world = await World.make('killed consumer');
    const log = await world.witness();
    const groups = log.consumerGroups();
    await groups.ensure(GROUP, { types: ['wanted'], after: 'start' });
    const written = await write(log);
    const killed = new ConsumingProcess(world.node.connectionString);
    await killed.killAfter(10);

    const parked = new Set(killed.of('parked'));
    const kept = new Set([...killed.of('acknowledged'), ...parked]);
    expect(kept.size).toBeGreaterThan(0);
    const handed: string[] = [];
    // The last answer may have been on its way: nobody can say of which side of the kill it was.
    const last = killed.told.at(-1)?.handed;
    await consume(
      groups,
      async (delivery) => {
        handed.push(delivery.event.id);
        await delivery.ack();
      },
      () => new Set([...handed, ...kept]).size >= written.length - (last && !handed.includes(last) ? 1 : 0),
    );
    // All but the very last answers, which the kill may have taken off the wire.
    const newest = killed.told.flatMap(({ acknowledged, parked: set }) => acknowledged ?? set ?? []).slice(-2);
    expect(handed.filter((id) => kept.has(id) && !newest.includes(id))).toEqual([]);
    expect(new Set(handed).size).toBe(handed.length);
    const listed = await groups.parked(GROUP, { limit: 100, offset: 0 });
    for (const id of parked) expect(ids(listed.map((one) => one.event))).toContain(id);
    await groups.close();
  });
});

describe('a group through a bad network, while its server is killed', () => {
  it('loses nothing, and its parked events are listed and can be replayed', async () => {
    await using world = await World.make('killed server of a group');
    const witness = await world.witness();
    const groups = (await world.client()).consumerGroups();
    await groups.ensure(GROUP, { types: ['wanted'], after: 'start', maxRetries: 1_000 });
    const written = await write(witness);
    world.proxy.weather = STORM;
    const done = new Set<string>();
    const parked = new Set<string>();
    const killing = (async () => {
      for (let round = 0; round < 2; round += 1) {
        await sleep(50 + world.random() * 150);
        await world.node.kill();
        await world.node.restart();
      }
      await sleep(1_500);
      // What a storm breaks takes seconds to notice: without an end of it the story has none that can be foretold.
      world.proxy.calm();
    })();
    const answer = async (delivery: GroupDelivery): Promise<void> => {
      const { id, data } = delivery.event;
      const { n } = JSON.parse(Buffer.from(data).toString()) as { n: number };
      await sleep(5);
      if (n % 10 === 7) {
        // When this fails it may stand all the same: then it is listed, or else it comes again.
        await delivery.park('a seven').catch(() => undefined);
      } else if (delivery.retries === 0 && n % 5 === 0) await delivery.retry(20, 'not the first time');
      else {
        await delivery.ack();
        done.add(id);
      }
    };
    const over = new AbortController();
    const consuming = (async () => {
      for await (const delivery of groups.consume(GROUP, { buffer: 8, signal: over.signal })) await answer(delivery);
    })();
    const watching = witness.consumerGroups();
    await until(async () => {
      const listed = await watching.parked(GROUP, { limit: 100, offset: 0 }).catch(() => []);
      for (const one of listed) parked.add(one.event.id);
      return done.size + parked.size === written.length;
    });
    over.abort();
    await consuming;
    await killing;

    const again = witness.consumerGroups();
    const listed = await again.parked(GROUP, { limit: 100, offset: 0 });
    expect(new Set(ids(listed.map((one) => one.event)))).toEqual(parked);
    expect(listed.every(({ reason }) => reason === 'a seven')).toBe(true);
    expect(await again.replayParked(GROUP)).toBe(listed.length);
    const replayed = new Set<string>();
    await consume(
      again,
      async (delivery) => {
        replayed.add(delivery.event.id);
        await delivery.ack();
      },
      () => [...parked].every((id) => replayed.has(id)),
    );
    // Nothing was answered that was not asked, and nothing is left among the parked.
    expect([...replayed].every((id) => written.includes(id))).toBe(true);
    expect(await again.parked(GROUP, { limit: 100, offset: 0 })).toEqual([]);
    await again.close();
    await groups.close();
  });
});
