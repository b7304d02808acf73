import { type DynamicModule, Logger, Module, type ModuleMetadata, type Type } from '@nestjs/common';
import { type Fact, FactCodec } from '#event-sourcing';
import { EventStore } from '#event-store';
import { OpsStore } from '#ops-store';
import { type Projection, ReadStore } from '#read-store';
import { ProjectionBoard } from '#read-store/runner/index.js';
import { Projector, type ProjectorCompanion, type ProjectorOptions } from './projector.js';

export interface ProjectorModuleOptions extends ProjectorOptions {
  readonly projections: readonly Projection<Fact>[];
  /** Providers of `imports` to start and stop with the projector: policy runner, scheduler. */
  readonly companions: readonly Type<ProjectorCompanion>[];
  readonly imports?: NonNullable<ModuleMetadata['imports']>;
}

/**
 * Needs EventStore, FactCodec, ReadStore, OpsStore and ProjectionBoard from a global module. Who assembles the process
 * calls `start()` and `stop()`: only it knows that requests under way come to an end before, and stores after.
 */
@Module({})
// biome-ignore lint/complexity/noStaticOnlyClass: the form Nest gives dynamic modules
export class ProjectorModule {
  static register({ projections, companions, imports = [], ...options }: ProjectorModuleOptions): DynamicModule {
    const logger = new Logger('Projector');
    return {
      module: ProjectorModule,
      imports,
      providers: [
        {
          provide: Projector,
          inject: [EventStore, FactCodec, ReadStore, ProjectionBoard, OpsStore, ...companions],
          useFactory: (
            log: EventStore,
            codec: FactCodec,
            store: ReadStore,
            board: ProjectionBoard,
            ops: OpsStore,
            ...running: ProjectorCompanion[]
          ) =>
            new Projector(
              {
                log,
                codec,
                store,
                board,
                leases: ops.leases,
                projections,
                companions: running,
                trouble: (what, error) => logger.error({ err: error }, `${what}: ${error.message}`),
              },
              options,
            ),
        },
      ],
      exports: [Projector],
    };
  }
}
