import type { ModuleMetadata, Type } from '@nestjs/common';
import { CommandBus, CqrsModule, QueryBus } from '@nestjs/cqrs';
import { Test, type TestingModule } from '@nestjs/testing';
import { v7 } from 'uuid';
import type { SettableClock } from '#platform';
import { CommandContext } from '../context.js';
import type { Actor } from '../facts.js';
import { systemActor } from './given.js';
import { type Ground, type GroundModule, type GroundOptions, openGroundModule } from './ground.js';

export { type Ground, newGround } from './ground.js';

/** Rooms as production wires them, over stores in memory and a clock that stands still. */
export class Room {
  private constructor(
    private readonly graph: TestingModule,
    private readonly ground: GroundModule,
  ) {}

  /** Several rooms on one ground are several processes with one log. */
  static async open(
    ground: Ground,
    modules: NonNullable<ModuleMetadata['imports']>,
    options: GroundOptions = {},
  ): Promise<Room> {
    const module = await openGroundModule(ground, options);
    const graph = await Test.createTestingModule({ imports: [module.module, CqrsModule, ...modules] }).compile();
    // Handlers register on initialisation, not on compilation.
    await graph.init();
    return new Room(graph, module);
  }

  get clock(): SettableClock {
    return this.ground.clock;
  }

  get<T>(token: Type<T> | (abstract new (...args: never[]) => T)): T {
    return this.graph.get(token as Type<T>, { strict: false });
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

  async close(): Promise<void> {
    await this.graph.close();
    await this.ground.close();
  }
}
