import { type DynamicModule, Module, type ModuleMetadata } from '@nestjs/common';
import { HealthController } from './health.controller.js';
import { MetricsController } from './metrics.controller.js';
import { MetricsListener } from './metrics-listener.js';
import { ProcessMetrics } from './process-metrics.js';
import { Readiness } from './readiness.js';

/** `/health/live`, `/health/ready`, `/metrics`. */
@Module({})
// biome-ignore lint/complexity/noStaticOnlyClass: the form Nest gives dynamic modules
export class HealthModule {
  /** @param imports the very modules (the same objects) that provide Projector and PolicyRunner */
  static watching(...imports: NonNullable<ModuleMetadata['imports']>): DynamicModule {
    return {
      module: HealthModule,
      imports,
      controllers: [HealthController, MetricsController],
      providers: [Readiness, ProcessMetrics, MetricsListener],
      exports: [MetricsListener],
    };
  }
}
