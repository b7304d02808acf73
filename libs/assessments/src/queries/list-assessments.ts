import { type IQueryHandler, Query, QueryHandler } from '@nestjs/cqrs';
import { type ListAnswer, type ListRequest, newestFirst, ReadModels } from '#read-store';
import { type AssessmentView, assessmentView } from '../assessment.view.js';
import { Assessments } from '../assessments.js';
import { assessmentList } from '../projections/assessment-list.projection.js';

export interface AssessmentPage extends Omit<ListAnswer<never>, 'documents'> {
  readonly assessments: readonly AssessmentView[];
}

/** Newest first. */
export class ListAssessments extends Query<AssessmentPage> {
  constructor(
    readonly orgId: string,
    readonly page: ListRequest,
  ) {
    super();
  }
}

@QueryHandler(ListAssessments)
export class ListAssessmentsHandler implements IQueryHandler<ListAssessments> {
  constructor(
    private readonly readModels: ReadModels,
    private readonly assessments: Assessments,
  ) {}

  async execute({ orgId, page }: ListAssessments): Promise<AssessmentPage> {
    const { documents, ...rest } = await newestFirst(this.readModels, assessmentList, { orgId }, page);
    const found = await Promise.all(
      documents.map(async ({ _id: id }) => ({ id, found: await this.assessments.find(orgId, id) })),
    );
    // Whatever was deleted since the list was read is left out.
    const assessments = found.flatMap(({ id, found }) =>
      found ? [assessmentView(orgId, id, found.assessment, found.revision)] : [],
    );
    return { assessments, ...rest };
  }
}
