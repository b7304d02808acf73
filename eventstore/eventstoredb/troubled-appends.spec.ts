import { afterEach, describe, expect, it } from '@jest/globals';
import { events, ids } from '../contract/given.js';
import { notReady } from '../node/errors.js';
import type { NodeLog } from '../node/log/node-log.js';
import type { BatchMessage } from '../node/streams/append-requests.js';
import { EventStoreError } from '../port/index.js';
import { type EventStoreDbEventStore, openEventStoreDb } from './index.js';
import { type AppendsHandler, notLeader, TroubledNode } from './testing/troubled-node.js';

let node: TroubledNode;
let store: EventStoreDbEventStore;
/** Append calls the troubled server has seen. */
let calls: number;

async function start(appends: AppendsHandler): Promise<void> {
  calls = 0;
  node = await TroubledNode.start((call, serve, log) => {
    calls += 1;
    appends(call, serve, log);
  });
  store = await openEventStoreDb({ url: node.url, patience: { connectMs: 500 } });
}

afterEach(async () => {
  await store.close();
  await node[Symbol.asyncDispose]();
});

const written = async (): Promise<string[]> => ids((await store.readAll({ limit: 100 })).events);

/** The same log, where the first `times` appends find that the server is starting or elects. */
function startingUp(log: NodeLog, times: number): NodeLog {
  let left = times;
  const append: NodeLog['append'] = async (stream, expected, list) => {
    if (left === 0) return log.append(stream, expected, list);
    left -= 1;
    throw new EventStoreError('unavailable', 'starting', {});
  };
  return Object.assign(Object.create(log) as NodeLog, { append });
}

describe('an append to a server that is not the leader', () => {
  it('goes to the leader it names and stands there once, as do those that come after', async () => {
    await start((call) => notLeader(call, node.leaderPort));
    const [first, second] = [events(2), events(1)];
    await expect(store.append('s', 'no_stream', first)).resolves.toMatchObject({ revision: 1n });
    await expect(store.append('s', 1n, second)).resolves.toMatchObject({ revision: 2n });
    expect(await written()).toEqual(ids([...first, ...second]));
    expect([calls, node.ofLeader.appendCalls]).toEqual([1, 1]);
  });

  it('is unavailable when nobody leads for long, for then it is certain that nothing was written', async () => {
    await start((call) => notLeader(call, node.port));
    await expect(store.append('s', 'no_stream', events(1))).rejects.toMatchObject({ code: 'unavailable' });
    expect(calls).toBeGreaterThan(1);
    expect(await written()).toEqual([]);
  });
});

describe('an append to a server that is not ready', () => {
  it('is asked again when the answer says so, whose code looks as if all were well, and stands once', async () => {
    await start((call, serve, log) => serve(call, startingUp(log, 2)));
    const list = events(2);
    await expect(store.append('s', 'no_stream', list)).resolves.toMatchObject({ revision: 1n });
    expect(await written()).toEqual(ids(list));
    // The call goes on: it was the answer that said so.
    expect(calls).toBe(1);
  });

  it('is asked again on a new call when the whole call is refused, and stands once', async () => {
    await start((call, serve) => (calls < 3 ? call.emit('error', notReady()) : serve(call)));
    const list = events(2);
    await expect(store.append('s', 'no_stream', list)).resolves.toMatchObject({ revision: 1n });
    expect(await written()).toEqual(ids(list));
    expect(calls).toBe(3);
  });

  it('is unavailable when it does not get ready in time, for then it is certain that nothing was written', async () => {
    await start((call, serve, log) => serve(call, startingUp(log, Number.POSITIVE_INFINITY)));
    await expect(store.append('s', 'no_stream', events(1))).rejects.toMatchObject({
      code: 'unavailable',
      message: expect.stringContaining('Server Is Not Ready'),
    });
    expect(await written()).toEqual([]);
  });
});

describe('an append whose call the server ends without a word', () => {
  it.each([
    ['had been written', true],
    ['had not been written', false],
  ])('is asked again on a new call and stands once, when it %s', async (_, isWritten) => {
    await start((call, serve, log) => {
      if (calls > 1) return serve(call);
      call.once('data', ({ options, events: list }: BatchMessage) => {
        const { stream, expected } = options!;
        const proposed = list.filter((event) => typeof event !== 'string');
        const before = isWritten ? log.append(stream!, expected!, proposed) : Promise.resolve();
        void before.then(() => call.end());
      });
    });
    const list = events(3);
    await expect(store.append('s', 'no_stream', list)).resolves.toMatchObject({ revision: 2n });
    expect(await written()).toEqual(ids(list));
    expect(calls).toBe(2);
  });
});
