import { Module } from '@nestjs/common';
import { CqrsModule } from '@nestjs/cqrs';
import { AssessmentsModule } from '#assessments';
import { CandidatesModule } from '#candidates';
import { SessionsModule } from '#sessions';
import { CreateRubricHandler } from './rubrics/create-rubric.js';
import { PinnedRubrics } from './rubrics/pinned-rubrics.js';
import { Rubrics } from './rubrics/rubrics.js';
import { Submissions } from './submissions/submissions.js';

@Module({
  imports: [CqrsModule, AssessmentsModule, CandidatesModule, SessionsModule],
  providers: [CreateRubricHandler, PinnedRubrics, Rubrics, Submissions],
  exports: [PinnedRubrics, Rubrics, Submissions],
})
export class ScoringModule {}
