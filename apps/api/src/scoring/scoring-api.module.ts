import { Module } from '@nestjs/common';
import { CqrsModule } from '@nestjs/cqrs';
import { ScoringModule } from '#scoring';
import { SessionsModule } from '#sessions';
import { ScoresController } from './scores.controller.js';
import { ScoringController } from './scoring.controller.js';

@Module({ imports: [CqrsModule, ScoringModule, SessionsModule], controllers: [ScoresController, ScoringController] })
export class ScoringApiModule {}
