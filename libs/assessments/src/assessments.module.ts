import { Module } from '@nestjs/common';
import { CqrsModule } from '@nestjs/cqrs';
import { OrganizationsModule } from '#organizations';
import { AssessmentMaking } from './assessment-making.js';
import { Assessments } from './assessments.js';
import { AddIssueHandler } from './commands/add-issue.js';
import { CreateAssessmentHandler } from './commands/create-assessment.js';
import { CreateCodingAssessmentHandler } from './commands/create-coding-assessment.js';
import { DeleteAssessmentHandler } from './commands/delete-assessment.js';
import { UpdateAssessmentHandler } from './commands/update-assessment.js';
import { IssueLibrary } from './issues/issue-library.js';
import { GetAssessmentHandler } from './queries/get-assessment.js';
import { ListAllAssessmentsHandler } from './queries/list-all-assessments.js';
import { ListAssessmentsHandler } from './queries/list-assessments.js';

@Module({
  imports: [CqrsModule, OrganizationsModule],
  providers: [
    Assessments,
    AssessmentMaking,
    IssueLibrary,
    AddIssueHandler,
    CreateAssessmentHandler,
    CreateCodingAssessmentHandler,
    UpdateAssessmentHandler,
    DeleteAssessmentHandler,
    GetAssessmentHandler,
    ListAllAssessmentsHandler,
    ListAssessmentsHandler,
  ],
  exports: [Assessments, IssueLibrary],
})
export class AssessmentsModule {}
