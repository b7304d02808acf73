import type { CollectionSpec, DocumentWrite, ProjectionBuild } from '#read-store';
import { bodyText, fieldValues, runsOf } from '../rules/documents.js';
import { fieldsOf } from '../rules/names.js';
import { quoted, type SqlValue, sqlValue, tableOf } from './tables.js';

export interface TableWrites {
  readonly table: string;
  readonly columns: readonly string[];
  /** `values` in the order of `columns`: `_position` first, `_id` last. */
  readonly rows: readonly { readonly expected: bigint | null; readonly values: readonly SqlValue[] }[];
}

const valuesOf = (spec: CollectionSpec, write: DocumentWrite): SqlValue[] => {
  const { id, position, body, stale } = write;
  const values: SqlValue[] = [position, body ? 0 : 1, stale ? 1 : 0, bodyText(write)];
  for (const [, value] of fieldValues(spec, write)) values.push(sqlValue(value));
  values.push(id);
  return values;
};

/** A commit's documents as rows of their tables. */
export const tableWrites = (
  build: ProjectionBuild,
  collections: ReadonlyMap<string, CollectionSpec>,
  writes: readonly DocumentWrite[],
): readonly TableWrites[] =>
  runsOf(build, collections, writes).map(({ spec, writes }) => {
    const fields = fieldsOf(spec).map(([field]) => quoted(field));
    return {
      table: tableOf(build, spec.name),
      columns: ['_position', '_gone', '_stale', '_body', ...fields, '_id'],
      rows: writes.map((write) => ({ expected: write.expected, values: valuesOf(spec, write) })),
    };
  });
