import { type DynamicModule, Module } from '@nestjs/common';
import { CqrsModule } from '@nestjs/cqrs';
import type { VerbatimConfig } from '#platform';
import type { Engines } from '../../../api/src/root/engines.js';
import { InfrastructureModule } from '../../../api/src/root/infrastructure.module.js';
import { OpenedEngines } from '../../../api/src/root/opened-engines.js';
import { ScoringWorkerModule } from '../scoring-worker.module.js';
import { ScorerService } from './scorer-service.js';

/** Scorers alone, on stores they share with the servers. */
@Module({})
// biome-ignore lint/complexity/noStaticOnlyClass: the form Nest gives dynamic modules
export class ScorerRootModule {
  static of(config: VerbatimConfig, engines: Engines): DynamicModule {
    return {
      module: ScorerRootModule,
      imports: [InfrastructureModule.of(config, engines), CqrsModule.forRoot(), ScoringWorkerModule],
      providers: [ScorerService, { provide: OpenedEngines, useValue: engines }],
    };
  }
}
