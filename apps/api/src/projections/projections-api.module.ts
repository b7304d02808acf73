import { type DynamicModule, Module } from '@nestjs/common';
import { ProjectionsController } from './projections.controller.js';

@Module({})
// biome-ignore lint/complexity/noStaticOnlyClass: the form Nest gives dynamic modules
export class ProjectionsApiModule {
  /** @param projector the very module (the same object) that provides Projector */
  static over(projector: DynamicModule): DynamicModule {
    return { module: ProjectionsApiModule, imports: [projector], controllers: [ProjectionsController] };
  }
}
