import { type IQueryHandler, Query, QueryHandler } from '@nestjs/cqrs';
import { Assessments } from '#assessments';
import { type Agreement, agreementOf, notFound, type Pair, SMALLEST_SAMPLE } from '#platform';
import { ReadModels } from '#read-store';
import { assessmentGroup, type RankedCategory, scoreRanks } from '../ranks/score-ranks.projection.js';

export interface CategoryAgreement extends Agreement {
  readonly categoryId: string;
  /** Another maximum is another scale: compared by itself. */
  readonly maxPoints: number;
}

export interface AssessmentAgreement {
  readonly assessmentId: string;
  /** Sessions whose current score a human reviewed. */
  readonly reviewedSessions: number;
  /** Below this many pairs nothing is said. */
  readonly smallestSample: number;
  readonly categories: readonly CategoryAgreement[];
}

/** Between the judge and those who reviewed its scores; a category left as it was counts as agreed with. */
export class GetAgreement extends Query<AssessmentAgreement> {
  constructor(
    readonly orgId: string,
    readonly assessmentId: string,
  ) {
    super();
  }
}

const PAGE = 500;

@QueryHandler(GetAgreement)
export class GetAgreementHandler implements IQueryHandler<GetAgreement> {
  constructor(
    private readonly models: ReadModels,
    private readonly assessments: Assessments,
  ) {}

  /** @throws VerbatimError not_found */
  async execute({ orgId, assessmentId }: GetAgreement): Promise<AssessmentAgreement> {
    if (!(await this.assessments.find(orgId, assessmentId))) throw notFound('assessment');
    const scales = new Map<
      string,
      { readonly categoryId: string; readonly maxPoints: number; readonly pairs: Pair[] }
    >();
    let reviewedSessions = 0;
    for await (const categories of this.reviewed(assessmentGroup(orgId, assessmentId))) {
      reviewedSessions += 1;
      for (const { id: categoryId, score, adjusted, maxPoints } of categories) {
        if (score === null) continue;
        const key = `${categoryId} ${maxPoints}`;
        const scale = scales.get(key) ?? { categoryId, maxPoints, pairs: [] };
        scale.pairs.push({ judge: score, human: adjusted ?? score });
        scales.set(key, scale);
      }
    }
    const categories = [...scales.values()].map(({ pairs, ...scale }) => ({ ...scale, ...agreementOf(pairs) }));
    return { assessmentId, reviewedSessions, smallestSample: SMALLEST_SAMPLE, categories };
  }

  private async *reviewed(group: string): AsyncGenerator<readonly RankedCategory[]> {
    for (let last = ''; ; ) {
      const found = await this.models.find(scoreRanks, {
        filter: { reviewedIn: group, _id: { $gt: last } },
        sort: [['_id', 'asc']],
        limit: PAGE,
      });
      for (const { carried } of found) yield carried.categories;
      if (found.length < PAGE) return;
      last = found[found.length - 1]!._id;
    }
  }
}
