import { type CollectionSpec, type FieldType, type ProjectionBuild, ReadStoreError } from '#read-store';

export type SqlValue = string | number | bigint | null;

const COLUMN_TYPES: Readonly<Record<FieldType, string>> = {
  text: 'TEXT',
  time: 'TEXT',
  number: 'REAL',
  boolean: 'INTEGER',
};

const NAME = /^[a-z][a-z0-9_]{0,63}$/;
const FIELD = /^[a-z][a-zA-Z0-9_]{0,63}$/;
const TIME = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/;

/** Only for names checked by {@link assertNames} or written in this folder. */
export const quoted = (name: string): string => `"${name}"`;

export const tableOf = (build: ProjectionBuild, collection: string): string =>
  quoted(`${collection}.${build.name}.${build.version}.${build.build}`);

export const fieldsOf = (collection: CollectionSpec): readonly (readonly [string, FieldType])[] =>
  Object.entries(collection.fields);

const refuse = (message: string): never => {
  throw new ReadStoreError('invalid_projection', message);
};

/** Names become part of SQL text: nothing but these alphabets gets there. */
export const assertNames = (build: ProjectionBuild, collections: readonly CollectionSpec[]): void => {
  if (!NAME.test(build.name)) refuse(`A projection cannot be named "${build.name}".`);
  for (const number of [build.version, build.build]) {
    if (!Number.isSafeInteger(number) || number < 1) refuse(`${build.name} has the version or build ${number}.`);
  }
  for (const { name, fields, indexes } of collections) {
    if (!NAME.test(name)) refuse(`A collection cannot be named "${name}".`);
    const lowered = Object.keys(fields).map((field) => field.toLowerCase());
    if (new Set(lowered).size !== lowered.length) refuse(`Fields of ${name} differ in upper and lower case only.`);
    for (const [field, type] of Object.entries(fields)) {
      if (!FIELD.test(field)) refuse(`A field of ${name} cannot be named "${field}".`);
      if (!(type in COLUMN_TYPES)) refuse(`${name}.${field} is of the unknown type "${type}".`);
    }
    for (const field of indexes.flat()) {
      if (!Object.hasOwn(fields, field)) refuse(`An index of ${name} names "${field}", which is no declared field.`);
    }
  }
};

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

/** What a field's column holds. Undefined when the value does not fit the declared type. */
export const columnValue = (type: FieldType, value: unknown): SqlValue | undefined => {
  if (value === undefined || value === null) return null;
  if (type === 'text') return typeof value === 'string' ? value : undefined;
  if (type === 'time') return typeof value === 'string' && TIME.test(value) ? value : undefined;
  if (type === 'number') return typeof value === 'number' && Number.isFinite(value) ? value : undefined;
  return typeof value === 'boolean' ? Number(value) : undefined;
};
