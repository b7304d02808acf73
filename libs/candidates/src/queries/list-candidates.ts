import { type IQueryHandler, Query, QueryHandler } from '@nestjs/cqrs';
import { ReadModels } from '#read-store';
import { type Candidate, Candidates } from '../candidates.js';
import { candidateList } from '../projections/candidate-list.projection.js';

export interface CandidatePage {
  readonly candidates: readonly Candidate[];
  readonly total: number;
}

/** Newest first. */
export class ListCandidates extends Query<CandidatePage> {
  constructor(
    readonly orgId: string,
    readonly page: { readonly limit: number; readonly offset: number },
  ) {
    super();
  }
}

@QueryHandler(ListCandidates)
export class ListCandidatesHandler implements IQueryHandler<ListCandidates> {
  constructor(
    private readonly readModels: ReadModels,
    private readonly candidates: Candidates,
  ) {}

  async execute({ orgId, page }: ListCandidates): Promise<CandidatePage> {
    const { documents, total } = await this.readModels.page(candidateList, {
      filter: { orgId },
      sort: [
        ['createdAt', 'desc'],
        ['_id', 'desc'],
      ],
      ...page,
    });
    const ids = documents.map((document) => document._id);
    return { candidates: await this.candidates.findAll(orgId, ids), total };
  }
}
