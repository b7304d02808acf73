import { Module } from '@nestjs/common';
import { CqrsModule } from '@nestjs/cqrs';
import { CohortsModule } from '#cohorts';
import { CohortsController } from './cohorts.controller.js';

@Module({ imports: [CqrsModule, CohortsModule], controllers: [CohortsController] })
export class CohortsApiModule {}
