import { type IQueryHandler, Query, QueryHandler } from '@nestjs/cqrs';
import { type ListAnswer, type ListRequest, newestFirst, ReadModels } from '#read-store';
import { type Candidate, Candidates } from '../candidates.js';
import { candidateList } from '../projections/candidate-list.projection.js';

export interface CandidatePage extends Omit<ListAnswer<object>, 'documents'> {
  readonly candidates: readonly Candidate[];
}

/** Newest first. */
export class ListCandidates extends Query<CandidatePage> {
  constructor(
    readonly orgId: string,
    readonly page: ListRequest,
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
    const { documents, ...rest } = await newestFirst(this.readModels, candidateList, { orgId }, page);
    const ids = documents.map((document) => document._id);
    return { candidates: await this.candidates.findAll(orgId, ids), ...rest };
  }
}
