import { Module } from '@nestjs/common';
import { CqrsModule } from '@nestjs/cqrs';
import { CandidatesModule } from '#candidates';
import { CandidatesController } from './candidates.controller.js';

@Module({ imports: [CqrsModule, CandidatesModule], controllers: [CandidatesController] })
export class CandidatesApiModule {}
