import { type DynamicModule, Global, Module } from '@nestjs/common';
import { AggregateStore, FactCodec, LogAggregateStore, LogCursors, obtainLogId } from '#event-sourcing';
import { ConsumerGroups, EventStore } from '#event-store';
import { OpsStore } from '#ops-store';
import { Clock, Ids, RandomIds, SystemClock, VerbatimConfig } from '#platform';
import { ReadModels, ReadStore } from '#read-store';
import { ProjectedReadModels, ProjectionBoard } from '#read-store/runner/index.js';
import { positionWanted } from '../http/index.js';
import type { Engines } from './engines.js';
import { projections } from './rooms.js';

/** What every room is handed: ports, clock, ids, settings. */
@Global()
@Module({})
// biome-ignore lint/complexity/noStaticOnlyClass: the form Nest gives dynamic modules
export class InfrastructureModule {
  static of(
    config: VerbatimConfig,
    engines: Engines,
    clock: Clock = new SystemClock(config.clockOffsetMs),
  ): DynamicModule {
    const ids = new RandomIds();
    const codec = new FactCodec(engines.ops);
    const aggregates = new LogAggregateStore(engines.log, codec, clock);
    const board = new ProjectionBoard();
    const acknowledged = () =>
      positionWanted() > aggregates.acknowledged ? positionWanted() : aggregates.acknowledged;
    const providers = [
      { provide: VerbatimConfig, useValue: config },
      { provide: EventStore, useValue: engines.log },
      { provide: ConsumerGroups, useValue: engines.groups },
      { provide: OpsStore, useValue: engines.ops },
      { provide: ReadStore, useValue: engines.readStore },
      { provide: Clock, useValue: clock },
      { provide: Ids, useValue: ids },
      { provide: FactCodec, useValue: codec },
      { provide: AggregateStore, useValue: aggregates },
      { provide: LogAggregateStore, useValue: aggregates },
      { provide: ProjectionBoard, useValue: board },
      {
        provide: ReadModels,
        useValue: new ProjectedReadModels(engines.readStore, board, { projections, acknowledged }),
      },
      {
        provide: LogCursors,
        useFactory: async () =>
          new LogCursors(await obtainLogId({ log: engines.log, codec, ids, clock }), () => engines.log.head()),
      },
    ];
    return { module: InfrastructureModule, providers, exports: providers.map(({ provide }) => provide) };
  }
}
