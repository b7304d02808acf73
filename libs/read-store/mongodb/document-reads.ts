import type { SortOrder } from 'mongoose';
import type { Collection, CollectionSpec, Filter, Found, Query, StoredDocument } from '#read-store';
import { readSort, readWindow } from '../rules/queries.js';
import type { RecordModel, StoredRecord } from './models.js';
import { positionOf } from './positions.js';
import { mongoFilter, pathOf } from './query-filter.js';

/** The server gives up by itself, so that a query nobody waits for any more does not go on. */
const MAX_TIME_MS = 10_000;

type Shown = Required<Pick<StoredRecord, '_id' | 'body'>> & Pick<StoredRecord, 'stale'>;

const found = <D extends object>({ _id, stale, body }: Shown): Found<D> => {
  const document = { ...(JSON.parse(body) as D), _id };
  return stale ? { ...document, _stale: true } : document;
};

/** @throws ReadStoreError invalid_query */
export const findRecords = async <D extends object>(
  model: RecordModel,
  collection: Collection<D>,
  query: Query,
): Promise<readonly Found<D>[]> => {
  const { limit, offset } = readWindow(query);
  const sort = readSort(collection, query.sort).map(([field, direction]): [string, SortOrder] => [
    pathOf(field),
    direction,
  ]);
  const records = await model
    .find(mongoFilter(collection, query.filter), { stale: 1, body: 1 })
    .sort(sort)
    .skip(offset)
    .limit(limit)
    .maxTimeMS(MAX_TIME_MS)
    .lean<Shown[]>();
  return records.map((record) => found<D>(record));
};

/** @throws ReadStoreError invalid_query */
export const countRecords = (
  model: RecordModel,
  collection: CollectionSpec,
  filter: Filter | undefined,
): Promise<number> => model.countDocuments(mongoFilter(collection, filter)).maxTimeMS(MAX_TIME_MS).exec();

type Loaded = Pick<StoredRecord, '_id' | 'position' | 'stale' | 'body'>;

/** With what is gone, which queries do not see. */
export const loadRecords = async (
  model: RecordModel,
  ids: readonly string[],
): Promise<ReadonlyMap<string, StoredDocument>> => {
  const records = await model
    .find({ _id: { $in: ids } }, { position: 1, stale: 1, body: 1 })
    .maxTimeMS(MAX_TIME_MS)
    .lean<Loaded[]>();
  return new Map(
    records.map(({ _id, position, stale, body }) => {
      const document = {
        id: _id,
        position: positionOf(position),
        body: body === undefined ? null : (JSON.parse(body) as object),
      };
      return [_id, stale ? { ...document, stale: true } : document];
    }),
  );
};
