import { Module } from '@nestjs/common';
import { CqrsModule } from '@nestjs/cqrs';
import { CreateRubricHandler } from './rubrics/create-rubric.js';
import { Rubrics } from './rubrics/rubrics.js';

@Module({ imports: [CqrsModule], providers: [Rubrics, CreateRubricHandler], exports: [Rubrics] })
export class ScoringModule {}
