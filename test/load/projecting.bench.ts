import { randomUUID } from 'node:crypto';
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { cohortsProjections } from '#cohorts';
import { type Fact, FactCodec } from '#event-sourcing';
import type { EventStore } from '#event-store';
import { openEmbeddedEventStore } from '#event-store/embedded/index.js';
import { EmbeddedOpsStore } from '#ops-store/embedded/index.js';
import { Projector } from '#projector';
import type { Projection, ReadStore } from '#read-store';
import { EmbeddedReadStore } from '#read-store/embedded/index.js';
import { ProjectionBoard } from '#read-store/runner/index.js';
import { sessionsProjections } from '#sessions';
import { BareDocuments } from './bare-documents.js';
import { type Bench, type BenchResult, inDirectory, median, perSecond, sideBySide } from './bench.js';
import { writeSessions } from './session-log.js';

const ROUNDS = 3;
const MINUTES = 600_000;

export interface Ground {
  readonly directory: string;
  readonly log: EventStore;
  readonly ops: EmbeddedOpsStore;
  readonly codec: FactCodec;
  readonly events: number;
}

export const onLog = (sessions: number, messages: number, work: (ground: Ground) => Promise<BenchResult[]>) =>
  inDirectory(async (directory) => {
    const log = await openEmbeddedEventStore({ directory });
    const ops = await EmbeddedOpsStore.open({ dataDir: directory, secret: 'a secret of the benchmark, long enough' });
    const codec = new FactCodec(ops);
    try {
      const events = await writeSessions(log, codec, sessions, messages);
      return await work({ directory, log, ops, codec, events });
    } finally {
      await log.close();
      await ops.close();
    }
  });

const embeddedIn = async (directory: string): Promise<ReadStore> => {
  const place = join(directory, randomUUID());
  await mkdir(place);
  return EmbeddedReadStore.open({ directory: place });
};

/** As after a start without read models: until every list has the whole log and may be read. */
export const rebuild = async (
  { directory, log, ops, codec, events }: Ground,
  projections: readonly Projection<Fact>[] = sessionsProjections,
  open: (directory: string) => Promise<ReadStore> = embeddedIn,
): Promise<number> => {
  const store = await open(directory);
  const board = new ProjectionBoard();
  const trouble = (what: string, error: Error): never => {
    throw new Error(what, { cause: error });
  };
  const parts = {
    log,
    codec,
    store,
    board,
    leases: ops.leases,
    projections,
    companions: [],
    trouble,
  };
  const projector = new Projector(parts, { holder: 'bench' });
  const rate = await perSecond(events, async () => {
    projector.start();
    for (const { name } of projections) {
      const live = () => board.of(name).find(({ state }) => state === 'live');
      if (!(await board.until(name, MINUTES, live))) throw new Error(`${name} did not come to an end.`);
    }
  });
  await projector.stop();
  await store.close();
  return rate;
};

const everyEventAChange: Bench = {
  name: 'projecting: every event changes two documents',
  run: () =>
    onLog(12_500, 0, async (ground) => {
      const facts: Fact[] = [];
      for await (const message of ground.log.subscribe({ after: 'start', batchSize: 1_000 })) {
        if (message.kind === 'caught_up') break;
        if (message.kind === 'events') facts.push(...(await ground.codec.decodeAll(message.events)));
      }
      const measured = await sideBySide(
        ROUNDS,
        () => rebuild(ground),
        async () => {
          const bare = new BareDocuments(join(ground.directory, `${randomUUID()}.db`), sessionsProjections);
          const rate = await perSecond(facts.length, () => bare.project(facts));
          bare.close();
          return rate;
        },
      );
      return [
        {
          what: 'rebuild, every event changes two documents',
          measured: measured.ours,
          unit: 'events/s',
          yardsticks: [
            { name: 'bare loop writing the same documents from memory', measured: measured.bare, goal: 0.5 },
          ],
        },
      ];
    }),
};

const wholeSessions: Bench = {
  name: 'projecting: whole sessions',
  run: () =>
    onLog(1_500, 96, async (ground) => {
      const rates = { lists: [] as number[], metrics: [] as number[] };
      for (let round = 0; round < ROUNDS; round += 1) {
        rates.lists.push(await rebuild(ground));
        // Every message is decrypted and changes its session's metrics.
        rates.metrics.push(await rebuild(ground, [...sessionsProjections, ...cohortsProjections]));
      }
      const goal = { atLeast: 20_000 };
      const row = (what: string, measured: number) => ({ what, measured, unit: 'events/s', yardsticks: [], goal });
      return [
        row('rebuild, sessions of 100 events, lists alone', median(rates.lists)),
        row('rebuild, sessions of 100 events, lists and metrics', median(rates.metrics)),
      ];
    }),
};

export const projectingBenches: readonly Bench[] = [everyEventAChange, wholeSessions];
