import { type IQueryHandler, Query, QueryHandler } from '@nestjs/cqrs';
import { ReadModels } from '#read-store';
import { type AssessmentView, assessmentView } from '../assessment.view.js';
import { Assessments } from '../assessments.js';
import { assessmentList } from '../projections/assessment-list.projection.js';

const PAGE = 500;

/** Every assessment, oldest first: V2 has no pages. */
export class ListAllAssessments extends Query<readonly AssessmentView[]> {
  constructor(readonly orgId: string) {
    super();
  }
}

@QueryHandler(ListAllAssessments)
export class ListAllAssessmentsHandler implements IQueryHandler<ListAllAssessments> {
  constructor(
    private readonly readModels: ReadModels,
    private readonly assessments: Assessments,
  ) {}

  async execute({ orgId }: ListAllAssessments): Promise<readonly AssessmentView[]> {
    const shown: AssessmentView[] = [];
    for (let after = { createdAt: '', id: '' }; ; ) {
      const found = await this.readModels.find(assessmentList, {
        filter: {
          orgId,
          $or: [{ createdAt: { $gt: after.createdAt } }, { createdAt: after.createdAt, _id: { $gt: after.id } }],
        },
        sort: [
          ['createdAt', 'asc'],
          ['_id', 'asc'],
        ],
        limit: PAGE,
      });
      for (const { _id: id } of found) {
        const present = await this.assessments.find(orgId, id);
        if (present) shown.push(assessmentView(orgId, id, present.assessment, present.revision));
      }
      const last = found.at(-1);
      if (!last || found.length < PAGE) return shown;
      after = { createdAt: last.createdAt, id: last._id };
    }
  }
}
