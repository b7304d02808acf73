import { Global, Module, type ModuleMetadata, type Type } from '@nestjs/common';
import { CommandBus, CqrsModule, QueryBus } from '@nestjs/cqrs';
import { Test } from '@nestjs/testing';
import { v7 } from 'uuid';
import { EventStore } from '#event-store';
import { openEmbeddedEventStore } from '#event-store/embedded/open.js';
import { OpsStore } from '#ops-store';
import { EmbeddedOpsStore } from '#ops-store/embedded/index.js';
import { Clock, Ids, RandomIds, SettableClock, VerbatimConfig } from '#platform';
import { type Projection, ReadModels } from '#read-store';
import { AggregateStore } from '../aggregate-store.js';
import { FactCodec } from '../codec.js';
import { CommandContext } from '../context.js';
import type { Actor, Fact } from '../facts.js';
import { LogAggregateStore } from '../log-aggregate-store.js';
import { systemActor } from './given.js';
import { openReadSide } from './read-side.js';

export interface Ground {
  readonly log: EventStore;
  readonly ops: OpsStore;
}

/** A log and an operational store in memory: what stays when a process ends and another one starts. */
export const newGround = async (): Promise<Ground> => ({
  log: await openEmbeddedEventStore({ memory: true }),
  ops: await EmbeddedOpsStore.open({ secret: SECRET }),
});

const SECRET = 'a secret of specs, long enough to be one';

/** Rooms as production wires them, over stores in memory and a clock that stands still. */
export class Room {
  private constructor(
    readonly clock: SettableClock,
    private readonly find: <T>(token: Type<T> | (abstract new (...args: never[]) => T)) => T,
    readonly close: () => Promise<void>,
  ) {}

  /** Several rooms on one ground are several processes with one log. */
  static async open(
    ground: Ground,
    modules: NonNullable<ModuleMetadata['imports']>,
    options: { env?: Readonly<Record<string, string>>; projections?: readonly Projection<Fact>[] } = {},
  ): Promise<Room> {
    const clock = new SettableClock();
    const codec = new FactCodec(ground.ops);
    const aggregates = new LogAggregateStore(ground.log, codec, clock);
    const readSide = await openReadSide(ground.log, codec, options.projections ?? [], () => aggregates.acknowledged);
    const providers = [
      { provide: EventStore, useValue: ground.log },
      { provide: OpsStore, useValue: ground.ops },
      { provide: AggregateStore, useValue: aggregates },
      { provide: ReadModels, useValue: readSide.models },
      { provide: Clock, useValue: clock },
      { provide: Ids, useValue: new RandomIds() },
      { provide: VerbatimConfig, useValue: new VerbatimConfig({ VERBATIM_SECRET: SECRET, ...options.env }) },
    ];
    @Global()
    @Module({ providers, exports: providers.map(({ provide }) => provide) })
    class GroundModule {}
    const graph = await Test.createTestingModule({ imports: [GroundModule, CqrsModule, ...modules] }).compile();
    // Handlers register on initialisation, not on compilation.
    await graph.init();
    return new Room(
      clock,
      (token) => graph.get(token as Type, { strict: false }),
      async () => {
        await graph.close();
        await readSide.close();
      },
    );
  }

  get<T>(token: Type<T> | (abstract new (...args: never[]) => T)): T {
    return this.find(token);
  }

  get commands(): CommandBus {
    return this.get(CommandBus);
  }

  get queries(): QueryBus {
    return this.get(QueryBus);
  }

  /** A request received now. */
  context(actor: Actor = systemActor): CommandContext {
    return new CommandContext(actor, v7(), this.clock.now());
  }
}
