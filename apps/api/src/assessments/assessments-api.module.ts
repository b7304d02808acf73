import { Module } from '@nestjs/common';
import { CqrsModule } from '@nestjs/cqrs';
import { AssessmentsModule } from '#assessments';
import { AssessmentsController } from './assessments.controller.js';

@Module({ imports: [CqrsModule, AssessmentsModule], controllers: [AssessmentsController] })
export class AssessmentsApiModule {}
