import { type AppendResult, EventStoreDBClient, jsonEvent, NO_STREAM } from '@eventstore/db-client';
import { describe, expect, it } from '@jest/globals';
import { NodeProcess } from '../../eventstoredb/testing/node-process.js';

const WRITERS = 16;

interface Acknowledged {
  readonly stream: string;
  readonly revision: bigint;
  readonly id: string;
}

/** Sixteen writers on one connection, each on a stream of its own, until the node is killed under them. */
async function writeUntilKilled(node: NodeProcess, round: number, enough: number): Promise<Acknowledged[]> {
  const client = EventStoreDBClient.connectionString(node.connectionString);
  const acknowledged: Acknowledged[] = [];
  let killed: Promise<void> | undefined;
  const write = async (writer: number): Promise<void> => {
    const stream = `writer-${round}-${writer}`;
    for (let last: bigint | typeof NO_STREAM = NO_STREAM; !killed; ) {
      const events = [0, 1].map((n) => jsonEvent({ type: 'written', data: { n } }));
      const answer: AppendResult = await client.appendToStream(stream, events, { expectedRevision: last });
      last = answer.nextExpectedRevision;
      for (const [index, { id }] of events.entries())
        acknowledged.push({ stream, id, revision: last - 1n + BigInt(index) });
      if (acknowledged.length >= enough) killed ??= node.kill();
    }
  };
  // An append the kill caught has no outcome: nobody was told of it.
  await Promise.all(Array.from({ length: WRITERS }, (_, writer) => write(writer).catch(() => undefined)));
  await killed;
  await client.dispose();
  return acknowledged;
}

describe('a node killed under sixteen writers', () => {
  it('has every event it acknowledged when it is back, where it said, and no append by halves', async () => {
    await using node = await NodeProcess.start();
    const acknowledged: Acknowledged[] = [];
    for (const [round, enough] of [150, 700, 1_500].entries()) {
      acknowledged.push(...(await writeUntilKilled(node, round, enough)));
      await node.restart();
      const client = EventStoreDBClient.connectionString(node.connectionString);
      const found = new Map<string, string>();
      const sizes = new Map<string, number>();
      for await (const { event } of client.readAll()) {
        if (!event) continue;
        found.set(`${event.streamId} ${event.revision}`, event.id);
        sizes.set(event.streamId, (sizes.get(event.streamId) ?? 0) + 1);
      }
      await client.dispose();
      expect(acknowledged.filter(({ stream, revision, id }) => found.get(`${stream} ${revision}`) !== id)).toEqual([]);
      expect([...sizes.values()].filter((size) => size % 2 !== 0)).toEqual([]);
    }
    expect(acknowledged.length).toBeGreaterThanOrEqual(150 + 700 + 1_500);
  });
});
