import { type IQueryHandler, Query, QueryHandler } from '@nestjs/cqrs';
import { notFound } from '#platform';
import { type AssessmentView, assessmentView } from '../assessment.view.js';
import { Assessments } from '../assessments.js';

export class GetAssessment extends Query<AssessmentView> {
  constructor(
    readonly orgId: string,
    readonly id: string,
  ) {
    super();
  }
}

@QueryHandler(GetAssessment)
export class GetAssessmentHandler implements IQueryHandler<GetAssessment> {
  constructor(private readonly assessments: Assessments) {}

  async execute({ orgId, id }: GetAssessment): Promise<AssessmentView> {
    const found = await this.assessments.find(orgId, id);
    if (!found) throw notFound('assessment');
    return assessmentView(orgId, id, found.assessment, found.revision);
  }
}
