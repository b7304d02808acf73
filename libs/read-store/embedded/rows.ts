import { type CollectionSpec, type DocumentWrite, type ProjectionBuild, ReadStoreError } from '#read-store';
import { columnValue, fieldsOf, quoted, type SqlValue, tableOf } from './tables.js';

export interface TableWrites {
  readonly table: string;
  readonly columns: readonly string[];
  /** `values` in the order of `columns`: `_position` first, `_id` last. */
  readonly rows: readonly { readonly expected: bigint | null; readonly values: readonly SqlValue[] }[];
}

const invalid = (collection: string, id: string, why: string, cause?: unknown): ReadStoreError =>
  new ReadStoreError('invalid_document', `${collection}/${id} cannot be stored: ${why}`, { collection, id }, { cause });

const bodyOf = ({ collection, id, body }: DocumentWrite): string | null => {
  try {
    return body && JSON.stringify(body);
  } catch (error) {
    throw invalid(collection, id, (error as Error).message, error);
  }
};

const valuesOf = (spec: CollectionSpec, write: DocumentWrite): SqlValue[] => {
  const { id, position, body, stale } = write;
  const values: SqlValue[] = [position, body ? 0 : 1, stale ? 1 : 0, bodyOf(write)];
  for (const [field, type] of fieldsOf(spec)) {
    const value = body ? columnValue(type, (body as Record<string, unknown>)[field]) : null;
    if (value === undefined) throw invalid(spec.name, id, `${field} is no ${type}.`);
    values.push(value);
  }
  values.push(id);
  return values;
};

/** A commit's documents as rows of their tables. Runs of one collection stay together, in the order given. */
export const tableWrites = (
  build: ProjectionBuild,
  collections: ReadonlyMap<string, CollectionSpec>,
  writes: readonly DocumentWrite[],
): TableWrites[] => {
  const runs: (TableWrites & { rows: TableWrites['rows'][number][] })[] = [];
  let spec: CollectionSpec | undefined;
  for (const write of writes) {
    if (spec?.name !== write.collection) {
      spec = collections.get(write.collection);
      if (!spec) {
        throw new ReadStoreError('invalid_projection', `${build.name} has no collection ${write.collection}.`);
      }
      const fields = fieldsOf(spec).map(([field]) => quoted(field));
      const columns = ['_position', '_gone', '_stale', '_body', ...fields, '_id'];
      runs.push({ table: tableOf(build, spec.name), columns, rows: [] });
    }
    runs.at(-1)!.rows.push({ expected: write.expected, values: valuesOf(spec, write) });
  }
  return runs;
};
