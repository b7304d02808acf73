import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { EventStoreDBClient } from '@eventstore/db-client';
import { describe, expect, it } from '@jest/globals';
import type { ConsumerGroups } from '#event-store';
import { openEventStoreDb } from '#event-store/eventstoredb/index.js';
import { openGate } from '#event-store/node/access.js';
import { EmbeddedNodeLog } from '#event-store/node/log/embedded-node-log.js';
import type { NodeLog } from '#event-store/node/log/node-log.js';
import { type RunningNode, startNode } from '#event-store/node/node.js';
import { event, events, ids } from '../../eventstore/contract/given.js';
import { openEmbeddedEventStore } from '../../eventstore/embedded/index.js';

const GROUP = 'changing';
const PROCESS = fileURLToPath(new URL('./changing-process.js', import.meta.url));
/** What is parked is copied, the new group made, the record kept, the old group removed. */
const STEPS = 4;

/** Streams in which the server and the adapter keep what groups there are, and what those have parked. */
const isStep = (stream: string): boolean =>
  stream.startsWith('$$verbatim-group-') || stream === '$persistentSubscriptionConfig' || stream.endsWith('-parked');

/** A node in this process that says of each step of a change that it stands, before whoever asked hears of it. */
class SteppedNode implements AsyncDisposable {
  stands: (() => Promise<void>) | undefined;

  private constructor(
    private readonly node: RunningNode,
    private readonly close: () => Promise<void>,
  ) {}

  static async start(): Promise<SteppedNode> {
    const store = await openEmbeddedEventStore({ memory: true });
    const whole: NodeLog = new EmbeddedNodeLog(store.engine);
    let made: SteppedNode | undefined;
    const append: NodeLog['append'] = async (stream, expected, list) => {
      const appended = await whole.append(stream, expected, list);
      if (isStep(stream)) await made?.stands?.();
      return appended;
    };
    const log = Object.assign(Object.create(whole) as NodeLog, { append });
    const report = (): void => {};
    const node = await startNode({
      log,
      gate: openGate,
      host: '127.0.0.1',
      port: 0,
      tls: undefined,
      now: Date.now,
      report,
    });
    made = new SteppedNode(node, () => store.close());
    return made;
  }

  get url(): string {
    return this.node.connectionString;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.node.stop();
    await this.close();
  }
}

/** Gives the group these types in a process that is killed when so many steps stand. False when it came to its end first. */
async function changeKilledAfter(steps: number, node: SteppedNode, types: readonly string[]): Promise<boolean> {
  const child: ChildProcess = spawn(process.execPath, [PROCESS, node.url, GROUP, ...types], { stdio: 'inherit' });
  const ended = once(child, 'close');
  let stood = 0;
  node.stands = async () => {
    stood += 1;
    if (stood !== steps) return;
    child.kill('SIGKILL');
    await ended;
  };
  const [code] = await ended;
  node.stands = undefined;
  if (child.signalCode === null) expect(code).toBe(0);
  return child.signalCode === 'SIGKILL';
}

async function take(groups: ConsumerGroups, wanted: ReadonlySet<string>): Promise<Set<string>> {
  const handed = new Set<string>();
  for await (const { event: one, ack } of groups.consume(GROUP)) {
    handed.add(one.id);
    await ack();
    if ([...wanted].every((id) => handed.has(id))) break;
  }
  return handed;
}

const parkedIn = async (groups: ConsumerGroups): Promise<string[]> =>
  ids((await groups.parked(GROUP, { limit: 100, offset: 0 })).map((one) => one.event));

async function serverGroups(url: string): Promise<number> {
  const client = EventStoreDBClient.connectionString(url);
  const found = await client.listPersistentSubscriptionsToAll();
  await client.dispose();
  return found.length;
}

/** Answers whether there was a step to be killed after. */
async function survives(steps: number): Promise<boolean> {
  await using node = await SteppedNode.start();
  const store = await openEventStoreDb({ url: node.url });
  const groups = store.consumerGroups();
  try {
    await groups.ensure(GROUP, { types: ['a'], after: 'start' });
    const written = events(4, 'a');
    await store.append('s', 'no_stream', written);
    const [done, ...parked] = ids(written.slice(0, 3));
    for await (const delivery of groups.consume(GROUP, { buffer: 3 })) {
      if (delivery.event.id === done) await delivery.ack();
      else await delivery.park('later');
      if (delivery.event.id === parked.at(-1)) break;
    }
    const added = event('b');
    await store.append('t', 'no_stream', [added]);

    const isKilled = await changeKilledAfter(steps, node, ['a', 'b']);
    // Before anybody asks for the group again.
    expect(await parkedIn(groups)).toEqual(parked);
    await groups.ensure(GROUP, { types: ['a', 'b'], after: 'end' });
    expect(await parkedIn(groups)).toEqual(parked);
    expect(await groups.status(GROUP)).toMatchObject({ types: ['a', 'b'], parked: 2 });
    expect(await groups.replayParked(GROUP)).toBe(2);
    const wanted = new Set([...parked, written[3]!.id, added.id]);
    // What was acknowledged a moment before may come again.
    const handed = [...(await take(groups, wanted))].filter((id) => id !== done);
    expect(new Set(handed)).toEqual(wanted);
    expect(await serverGroups(node.url)).toBe(1);
    return isKilled;
  } finally {
    await groups.close();
    await store.close();
  }
}

describe('a group that is given other types by a process that is killed over it', () => {
  it('keeps what it has parked and what is not answered, whichever step was the last', async () => {
    const steps = Array.from({ length: STEPS + 1 }, (_, index) => index + 1);
    // The last of them finds no such step, so that none was left out.
    expect(await Promise.all(steps.map(survives))).toEqual(steps.map((step) => step <= STEPS));
  }, 60_000);
});
