import { Global, Module, type Type } from '@nestjs/common';
import { EventStore } from '#event-store';
import { openEmbeddedEventStore } from '#event-store/embedded/open.js';
import { OpsStore } from '#ops-store';
import { EmbeddedOpsStore } from '#ops-store/embedded/index.js';
import { Clock, Ids, RandomIds, SettableClock, VerbatimConfig } from '#platform';
import { type Projection, ReadModels } from '#read-store';
import { AggregateStore } from '../aggregate-store.js';
import { FactCodec } from '../codec.js';
import { LogCursors } from '../cursor.js';
import type { Fact } from '../facts.js';
import { LogAggregateStore } from '../log-aggregate-store.js';
import { obtainLogId } from '../log-identity.js';
import { openReadSide } from './read-side.js';

const SECRET = 'a secret of specs, long enough to be one';

/** What stays when a process ends and another one starts. */
export interface Ground {
  readonly log: EventStore;
  readonly ops: OpsStore;
}

/** A log and an operational store in memory. */
export const newGround = async (): Promise<Ground> => ({
  log: await openEmbeddedEventStore({ memory: true }),
  ops: await EmbeddedOpsStore.open({ secret: SECRET }),
});

export interface GroundOptions {
  readonly env?: Readonly<Record<string, string>>;
  readonly projections?: readonly Projection<Fact>[];
}

export interface GroundModule {
  /** Global: rooms find their stores, their clock and their settings in it, as in production. */
  readonly module: Type;
  readonly config: VerbatimConfig;
  readonly clock: SettableClock;
  close(): Promise<void>;
}

/** One process on the ground: several of them share its log. */
export const openGroundModule = async (ground: Ground, options: GroundOptions = {}): Promise<GroundModule> => {
  const clock = new SettableClock();
  const config = new VerbatimConfig({ VERBATIM_SECRET: SECRET, VERBATIM_RATE_LIMIT: 'off', ...options.env });
  const codec = new FactCodec(ground.ops);
  const aggregates = new LogAggregateStore(ground.log, codec, clock);
  const readSide = await openReadSide(ground.log, codec, options.projections ?? [], () => aggregates.acknowledged);
  const ids = new RandomIds();
  const cursors = new LogCursors(await obtainLogId({ log: ground.log, codec, ids, clock }), () => ground.log.head());
  const providers = [
    { provide: EventStore, useValue: ground.log },
    { provide: OpsStore, useValue: ground.ops },
    { provide: AggregateStore, useValue: aggregates },
    { provide: ReadModels, useValue: readSide.models },
    { provide: Clock, useValue: clock },
    { provide: Ids, useValue: ids },
    { provide: FactCodec, useValue: codec },
    { provide: LogCursors, useValue: cursors },
    { provide: VerbatimConfig, useValue: config },
  ];
  @Global()
  @Module({ providers, exports: providers.map(({ provide }) => provide) })
  class TestGroundModule {}
  return { module: TestGroundModule, config, clock, close: () => readSide.close() };
};
