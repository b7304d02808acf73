import type { EventStore } from '#event-store';
import { type Projection, ReadModels } from '#read-store';
import { EmbeddedReadStore } from '#read-store/embedded/index.js';
import { ProjectedReadModels, ProjectionBoard, ProjectionBuilds } from '#read-store/runner/index.js';
import type { FactCodec } from '../codec.js';
import type { Fact } from '../facts.js';

export interface ReadSide {
  readonly models: ReadModels;
  close(): Promise<void>;
}

/** Projections of one room over read models in memory, following the log until it is closed. */
export const openReadSide = async (
  log: EventStore,
  codec: FactCodec,
  projections: readonly Projection<Fact>[],
  acknowledged: () => bigint,
): Promise<ReadSide> => {
  const store = await EmbeddedReadStore.open({ directory: ':memory:' });
  const board = new ProjectionBoard();
  const builds = new ProjectionBuilds(store, board, projections);
  await builds.open();
  const ended = new AbortController();
  const following = follow(log, codec, builds, ended.signal);
  return {
    models: new ProjectedReadModels(store, board, { projections, acknowledged }),
    close: async () => {
      ended.abort();
      await following;
      await store.close();
    },
  };
};

const follow = async (
  log: EventStore,
  codec: FactCodec,
  builds: ProjectionBuilds<Fact>,
  signal: AbortSignal,
): Promise<void> => {
  try {
    for await (const message of log.subscribe({ after: 'start', signal })) {
      const facts = message.kind === 'events' ? await codec.decodeAll(message.events) : [];
      const upTo = message.kind === 'events' ? message.events.at(-1)!.position : message.position;
      for (const runner of builds.running) {
        await runner.process(
          facts.map((event) => ({ event })),
          upTo,
        );
        if (message.kind === 'caught_up' && runner.build.state === 'building') await builds.takeOver(runner);
      }
    }
  } catch (error) {
    if (!signal.aborted) throw error;
  }
};
