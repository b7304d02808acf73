import type { CollectionSpec, FieldType, ProjectionBuild, Scalar } from '#read-store';
import { fieldsOf, keyOf } from '../rules/names.js';

export type SqlValue = string | number | bigint | null;

const COLUMN_TYPES: Readonly<Record<FieldType, string>> = {
  text: 'TEXT',
  time: 'TEXT',
  number: 'REAL',
  boolean: 'INTEGER',
};

/** Only for names that `assertNames` has checked or that are written in this folder. */
export const quoted = (name: string): string => `"${name}"`;

export const tableOf = (build: ProjectionBuild, collection: string): string => quoted(`${collection}.${keyOf(build)}`);

/**
 * A row id table with an index on `_id`: documents are appended where there is room, and only the narrow index takes
 * the random order of uuids. The indexes leave out what is gone, so that a count never looks at a row.
 */
export const createTableSql = (build: ProjectionBuild, collection: CollectionSpec): readonly string[] => {
  const table = tableOf(build, collection.name);
  const columns = fieldsOf(collection).map(([field, type]) => `${quoted(field)} ${COLUMN_TYPES[type]}`);
  const fixed = ['_id TEXT NOT NULL UNIQUE', '_position INTEGER NOT NULL', '_gone INTEGER NOT NULL'];
  return [
    `CREATE TABLE IF NOT EXISTS ${table} (${[...fixed, '_stale INTEGER NOT NULL', ...columns, '_body TEXT'].join(', ')})`,
    ...collection.indexes.map((fields) => {
      const name = quoted(`${table.slice(1, -1)}#${fields.join('+')}`);
      const keys = [...fields.map(quoted), '_id'].join(', ');
      return `CREATE INDEX IF NOT EXISTS ${name} ON ${table} (${keys}) WHERE _gone = 0`;
    }),
  ];
};

export const sqlValue = (value: Scalar): SqlValue => (typeof value === 'boolean' ? Number(value) : value);
