import {
  type CollectionSpec,
  type Condition,
  type FieldType,
  type Filter,
  type ProjectionBuild,
  type Query,
  ReadStoreError,
} from '#read-store';
import { quoted, type SqlValue, tableOf } from './tables.js';

export interface Sql {
  readonly text: string;
  readonly values: readonly SqlValue[];
}

/** SQLite takes 32,766 parameters; a query that needs more than this is asked in pieces. */
const MAX_PARAMETERS = 10_000;
export const MAX_LIMIT = 100_000;

const refuse = (message: string): never => {
  throw new ReadStoreError('invalid_query', message);
};

const typeOf = (collection: CollectionSpec, field: string): FieldType => {
  if (field === '_id') return 'text';
  if (Object.hasOwn(collection.fields, field)) return collection.fields[field]!;
  return refuse(
    `${collection.name} has no field "${field}"; declared are ${['_id', ...Object.keys(collection.fields)].join(', ')}.`,
  );
};

/**
 * The least text above every text with this prefix, in the order of code points; undefined when there is none.
 * Simply appending the last code point would leave out texts that go on with it.
 */
const afterPrefix = (prefix: string): string | undefined => {
  const points = [...prefix].map((point) => point.codePointAt(0)!);
  for (let last = points.at(-1); last !== undefined; last = points.at(-1)) {
    points.pop();
    if (last < 0x10ffff) return String.fromCodePoint(...points, last === 0xd7ff ? 0xe000 : last + 1);
  }
  return undefined;
};

const RANGES = { $gt: '>', $gte: '>=', $lt: '<', $lte: '<=' } as const;

class FilterCompiler {
  readonly values: SqlValue[] = [];

  constructor(private readonly collection: CollectionSpec) {}

  filter(filter: Filter): string {
    const terms = Object.entries(filter).map(([key, value]) => {
      if (key === '$and') return this.all(value as readonly Filter[], ' AND ', '1');
      if (key === '$or') return this.all(value as readonly Filter[], ' OR ', '0');
      return this.condition(key, value as Condition);
    });
    return terms.length ? terms.join(' AND ') : '1';
  }

  private all(filters: readonly Filter[], word: string, none: string): string {
    if (!Array.isArray(filters)) return refuse('$and and $or take a list of filters.');
    return filters.length ? `(${filters.map((filter) => `(${this.filter(filter)})`).join(word)})` : none;
  }

  private condition(field: string, condition: Condition): string {
    const type = typeOf(this.collection, field);
    const column = quoted(field);
    if (condition === null || typeof condition !== 'object') return this.equals(field, type, condition);
    const operators = Object.entries(condition);
    if (!operators.length) return refuse(`The condition on ${field} names no operator.`);
    const terms = operators.map(([operator, value]) => {
      if (operator === '$in') return this.in(field, type, value);
      if (operator === '$prefix') return this.prefix(field, type, value);
      if (!Object.hasOwn(RANGES, operator)) return refuse(`There is no operator "${operator}" (on ${field}).`);
      if (value === null || type === 'boolean') return refuse(`${operator} on ${field} needs a text or a number.`);
      return `${column} ${RANGES[operator as keyof typeof RANGES]} ${this.bind(field, type, value)}`;
    });
    return `(${terms.join(' AND ')})`;
  }

  private equals(field: string, type: FieldType, value: unknown): string {
    return value === null ? `${quoted(field)} IS NULL` : `${quoted(field)} = ${this.bind(field, type, value)}`;
  }

  private in(field: string, type: FieldType, values: unknown): string {
    if (!Array.isArray(values)) return refuse(`$in on ${field} takes a list.`);
    const bound = values.filter((value) => value !== null).map((value) => this.bind(field, type, value));
    const terms = bound.length ? [`${quoted(field)} IN (${bound.join(', ')})`] : [];
    if (bound.length < values.length) terms.push(`${quoted(field)} IS NULL`);
    return terms.length ? `(${terms.join(' OR ')})` : '0';
  }

  private prefix(field: string, type: FieldType, value: unknown): string {
    if (type !== 'text' || typeof value !== 'string')
      return refuse(`$prefix on ${field} needs a text field and a text.`);
    const prefix = value.toWellFormed();
    const from = `${quoted(field)} >= ${this.bind(field, type, prefix)}`;
    const end = afterPrefix(prefix);
    return end === undefined ? from : `(${from} AND ${quoted(field)} < ${this.bind(field, type, end)})`;
  }

  private bind(field: string, type: FieldType, value: unknown): string {
    const expected = type === 'time' ? 'text' : type;
    const fits =
      typeof value === 'number' ? type === 'number' && Number.isFinite(value) : typeof value === typeNames[expected];
    if (!fits) return refuse(`${field} is compared with a ${typeof value}; it is a ${type}.`);
    if (this.values.length >= MAX_PARAMETERS) return refuse(`A filter takes at most ${MAX_PARAMETERS} values.`);
    this.values.push(typeof value === 'boolean' ? Number(value) : (value as string | number));
    return '?';
  }
}

const typeNames = { text: 'string', number: 'number', boolean: 'boolean' } as const;

/** `_gone = 0` word for word: only so does SQLite know that the partial indexes hold all that is asked for. */
const where = (collection: CollectionSpec, filter: Filter | undefined): Sql => {
  if (!filter) return { text: 'WHERE _gone = 0', values: [] };
  const compiler = new FilterCompiler(collection);
  return { text: `WHERE _gone = 0 AND ${compiler.filter(filter)}`, values: compiler.values };
};

const orderBy = (collection: CollectionSpec, sort: Query['sort'] = []): string => {
  const keys: (readonly [string, 'asc' | 'desc'])[] = [...sort];
  if (!keys.some(([field]) => field === '_id')) keys.push(['_id', keys.at(-1)?.[1] ?? 'asc']);
  const terms = keys.map(([field, direction]) => {
    typeOf(collection, field);
    if (direction !== 'asc' && direction !== 'desc') refuse(`Sorted is asc or desc, not "${direction}".`);
    return `${quoted(field)} ${direction.toUpperCase()}`;
  });
  return `ORDER BY ${terms.join(', ')}`;
};

export const countSql = (build: ProjectionBuild, collection: CollectionSpec, filter: Filter | undefined): Sql => {
  const { text, values } = where(collection, filter);
  return { text: `SELECT count(*) FROM ${tableOf(build, collection.name)} ${text}`, values };
};

export const findSql = (build: ProjectionBuild, collection: CollectionSpec, query: Query): Sql => {
  const { limit, offset = 0 } = query;
  if (!Number.isSafeInteger(limit) || limit < 1 || limit > MAX_LIMIT) {
    refuse(`limit is ${limit}; it may be 1 to ${MAX_LIMIT}.`);
  }
  if (!Number.isSafeInteger(offset) || offset < 0) refuse(`offset is ${offset}; it may be 0 or more.`);
  const { text, values } = where(collection, query.filter);
  const order = orderBy(collection, query.sort);
  const table = tableOf(build, collection.name);
  return {
    text: `SELECT _id, _stale, _body FROM ${table} ${text} ${order} LIMIT ? OFFSET ?`,
    values: [...values, limit, offset],
  };
};
