import { VerbatimError } from '#platform';
import type { Collection, Filter } from './collections.js';
import type { ReadModels } from './read-models.js';

/** What a caller of a list asks for; checked and clamped before. */
export interface ListRequest {
  readonly limit: number;
  readonly offset: number;
  /** The `nextCursor` of the page before; then `offset` does not count. */
  readonly after?: string | undefined;
}

export interface ListAnswer<D> {
  readonly documents: readonly (D & { readonly _id: string })[];
  /** Of the whole list, whatever page is shown. */
  readonly total: number;
  readonly limit: number;
  readonly offset: number;
  readonly hasMore: boolean;
  /** Null on the last page. */
  readonly nextCursor: string | null;
}

/**
 * A page of a list, newest first (D15), by offset as the references have it or after a cursor (D16): unlike an offset, a
 * cursor shows nothing twice while the list grows. The collection needs an index on what `filter` names and `createdAt`.
 * @throws VerbatimError invalid_cursor
 */
export const newestFirst = async <D extends { readonly createdAt: string }>(
  models: ReadModels,
  collection: Collection<D>,
  filter: Filter,
  { limit, offset, after }: ListRequest,
): Promise<ListAnswer<D>> => {
  const skipped = after === undefined ? offset : 0;
  const page = await models.page(collection, {
    filter: after === undefined ? filter : { $and: [filter, olderThan(after)] },
    sort: [
      ['createdAt', 'desc'],
      ['_id', 'desc'],
    ],
    limit,
    offset: skipped,
  });
  const total = after === undefined ? page.total : await models.count(collection, filter);
  const hasMore = skipped + page.documents.length < page.total;
  const last = page.documents.at(-1);
  return {
    documents: page.documents,
    total,
    limit,
    offset: skipped,
    hasMore,
    nextCursor: hasMore && last ? Buffer.from(`${last.createdAt} ${last._id}`).toString('base64url') : null,
  };
};

const CURSOR = /^(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z) (\S{1,128})$/;

const olderThan = (cursor: string): Filter => {
  const [, createdAt, id] = CURSOR.exec(Buffer.from(cursor, 'base64url').toString()) ?? [];
  if (!createdAt || !id)
    throw new VerbatimError('invalid_cursor', 'This cursor is not one that a list here gave out.', { param: 'after' });
  // The plain bound says nothing new, but an index can start at it.
  return { createdAt: { $lte: createdAt }, $or: [{ createdAt: { $lt: createdAt } }, { createdAt, _id: { $lt: id } }] };
};
