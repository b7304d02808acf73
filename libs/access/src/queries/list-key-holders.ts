import { type IQueryHandler, Query, QueryHandler } from '@nestjs/cqrs';
import { Assessments } from '#assessments';
import { type ListAnswer, type ListRequest, newestFirst, ReadModels } from '#read-store';
import { type KeyReader, type KeyView, KeyViews } from '../key-views.js';
import { keyList } from '../projections/key-list.projection.js';

export interface KeyHolder extends KeyView {
  readonly assessmentId: string;
  readonly assessmentTitle: string;
}

export interface KeyHolderPage extends Omit<ListAnswer<object>, 'documents'> {
  readonly candidates: readonly KeyHolder[];
}

/** V9: the keys of all assessments with what they are for, newest first. */
export class ListKeyHolders extends Query<KeyHolderPage> {
  constructor(
    readonly orgId: string,
    readonly page: ListRequest,
    readonly reader: KeyReader,
  ) {
    super();
  }
}

@QueryHandler(ListKeyHolders)
export class ListKeyHoldersHandler implements IQueryHandler<ListKeyHolders> {
  constructor(
    private readonly readModels: ReadModels,
    private readonly assessments: Assessments,
    private readonly views: KeyViews,
  ) {}

  async execute({ orgId, page, reader }: ListKeyHolders): Promise<KeyHolderPage> {
    const { documents, ...rest } = await newestFirst(this.readModels, keyList, { orgId, hidden: false }, page);
    const [views, titles] = await Promise.all([
      this.views.of(orgId, documents, reader),
      this.assessments.names(
        orgId,
        documents.map(({ assessmentId }) => assessmentId),
      ),
    ]);
    const candidates = views.map((view, at) => {
      const { assessmentId } = documents[at]!;
      return { ...view, assessmentId, assessmentTitle: titles.get(assessmentId) ?? '' };
    });
    return { candidates, ...rest };
  }
}
