import { Module } from '@nestjs/common';
import { CqrsModule } from '@nestjs/cqrs';
import { Assessments } from './assessments.js';
import { CreateAssessmentHandler } from './commands/create-assessment.js';
import { DeleteAssessmentHandler } from './commands/delete-assessment.js';
import { UpdateAssessmentHandler } from './commands/update-assessment.js';
import { GetAssessmentHandler } from './queries/get-assessment.js';
import { ListAssessmentsHandler } from './queries/list-assessments.js';

@Module({
  imports: [CqrsModule],
  providers: [
    Assessments,
    CreateAssessmentHandler,
    UpdateAssessmentHandler,
    DeleteAssessmentHandler,
    GetAssessmentHandler,
    ListAssessmentsHandler,
  ],
  exports: [Assessments],
})
export class AssessmentsModule {}
