import { Module } from '@nestjs/common';
import { CqrsModule } from '@nestjs/cqrs';
import { AccessModule } from '#access';
import { AssessmentsModule } from '#assessments';
import { AssessmentsController } from './assessments.controller.js';

@Module({ imports: [CqrsModule, AccessModule, AssessmentsModule], controllers: [AssessmentsController] })
export class AssessmentsApiModule {}
