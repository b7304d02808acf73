import { Module } from '@nestjs/common';
import { CqrsModule } from '@nestjs/cqrs';
import { ScoringModule } from '#scoring';
import { SessionsModule } from '#sessions';
import { FeedbackController } from './feedback.controller.js';
import { ScoresController } from './scores.controller.js';
import { ScoringController } from './scoring.controller.js';

@Module({
  imports: [CqrsModule, ScoringModule, SessionsModule],
  controllers: [FeedbackController, ScoresController, ScoringController],
})
export class ScoringApiModule {}
