import { type IQueryHandler, Query, QueryHandler } from '@nestjs/cqrs';
import { Assessments } from '#assessments';
import { notFound } from '#platform';
import { type Found, ReadModels } from '#read-store';
import { type KeyReader, type KeyView, KeyViews } from '../key-views.js';
import { type KeyEntry, keyList } from '../projections/key-list.projection.js';

const PAGE = 500;

/** V6: all keys of an assessment that were not revoked, oldest first, those of one call in the order they were asked for. */
export class ListKeys extends Query<readonly KeyView[]> {
  constructor(
    readonly orgId: string,
    readonly assessmentId: string,
    readonly reader: KeyReader,
  ) {
    super();
  }
}

@QueryHandler(ListKeys)
export class ListKeysHandler implements IQueryHandler<ListKeys> {
  constructor(
    private readonly readModels: ReadModels,
    private readonly assessments: Assessments,
    private readonly views: KeyViews,
  ) {}

  async execute({ orgId, assessmentId, reader }: ListKeys): Promise<readonly KeyView[]> {
    if (!(await this.assessments.find(orgId, assessmentId))) throw notFound('assessment');
    const entries: Found<KeyEntry>[] = [];
    for (;;) {
      const page = await this.readModels.find(keyList, {
        filter: { orgId, assessmentId, hidden: false },
        sort: [
          ['createdAt', 'asc'],
          ['ordinal', 'asc'],
        ],
        limit: PAGE,
        offset: entries.length,
      });
      entries.push(...page);
      if (page.length < PAGE) return this.views.of(orgId, entries, reader);
    }
  }
}
