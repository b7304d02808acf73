import {
  type CollectionSpec,
  type Condition,
  type FieldType,
  type Filter,
  type Query,
  ReadStoreError,
  type Scalar,
} from '#read-store';

/** A filter that was checked against its collection, in the few words an engine must know. */
export type Term =
  | { readonly kind: 'all' | 'any'; readonly terms: readonly Term[] }
  | {
      readonly kind: 'in';
      readonly field: string;
      readonly values: readonly Exclude<Scalar, null>[];
      readonly orNull: boolean;
    }
  | { readonly kind: 'equals'; readonly field: string; readonly value: Scalar }
  | {
      readonly kind: 'range';
      readonly field: string;
      readonly operator: RangeOperator;
      readonly value: string | number;
    };

export type RangeOperator = '$gt' | '$gte' | '$lt' | '$lte';
export type SortKey = readonly [field: string, direction: 'asc' | 'desc'];

/** SQLite takes 32,766 parameters; a query that needs more than this is asked in pieces, on every engine. */
const MAX_VALUES = 10_000;
const MAX_LIMIT = 100_000;

const RANGES: ReadonlySet<string> = new Set<RangeOperator>(['$gt', '$gte', '$lt', '$lte']);
const TYPE_NAMES = { text: 'string', time: 'string', number: 'number', boolean: 'boolean' } as const;

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

class FilterReader {
  private values = 0;

  constructor(private readonly collection: CollectionSpec) {}

  read(filter: Filter): Term {
    const terms = Object.entries(filter).map(([key, value]): Term => {
      if (key === '$and') return this.every('all', value as readonly Filter[]);
      if (key === '$or') return this.every('any', value as readonly Filter[]);
      return this.condition(key, value as Condition);
    });
    return { kind: 'all', terms };
  }

  private every(kind: 'all' | 'any', filters: readonly Filter[]): Term {
    if (!Array.isArray(filters)) return refuse('$and and $or take a list of filters.');
    return { kind, terms: filters.map((filter) => this.read(filter)) };
  }

  private condition(field: string, condition: Condition): Term {
    const type = typeOf(this.collection, field);
    if (condition === null) return { kind: 'equals', field, value: null };
    if (typeof condition !== 'object') return { kind: 'equals', field, value: this.checked(field, type, condition) };
    const operators = Object.entries(condition);
    if (!operators.length) return refuse(`The condition on ${field} names no operator.`);
    return { kind: 'all', terms: operators.map(([operator, value]) => this.operator(field, type, operator, value)) };
  }

  private operator(field: string, type: FieldType, operator: string, value: unknown): Term {
    if (operator === '$in') return this.in(field, type, value);
    if (operator === '$prefix') return this.prefix(field, type, value);
    if (!RANGES.has(operator)) return refuse(`There is no operator "${operator}" (on ${field}).`);
    if (value === null || type === 'boolean') return refuse(`${operator} on ${field} needs a text or a number.`);
    return this.range(field, type, operator as RangeOperator, value);
  }

  private range(field: string, type: FieldType, operator: RangeOperator, value: unknown): Term {
    return { kind: 'range', field, operator, value: this.checked(field, type, value) as string | number };
  }

  private in(field: string, type: FieldType, values: unknown): Term {
    if (!Array.isArray(values)) return refuse(`$in on ${field} takes a list.`);
    const wanted = values.filter((value) => value !== null).map((value) => this.checked(field, type, value));
    return { kind: 'in', field, values: wanted, orNull: wanted.length < values.length };
  }

  private prefix(field: string, type: FieldType, value: unknown): Term {
    if (type !== 'text' || typeof value !== 'string')
      return refuse(`$prefix on ${field} needs a text field and a text.`);
    const prefix = value.toWellFormed();
    const from = this.range(field, type, '$gte', prefix);
    const end = afterPrefix(prefix);
    return end === undefined ? from : { kind: 'all', terms: [from, this.range(field, type, '$lt', end)] };
  }

  private checked(field: string, type: FieldType, value: unknown): Exclude<Scalar, null> {
    const fits = typeof value === TYPE_NAMES[type] && (typeof value !== 'number' || Number.isFinite(value));
    if (!fits) return refuse(`${field} is compared with a ${typeof value}; it is a ${type}.`);
    this.values += 1;
    if (this.values > MAX_VALUES) return refuse(`A filter takes at most ${MAX_VALUES} values.`);
    return value as Exclude<Scalar, null>;
  }
}

/** @throws ReadStoreError invalid_query */
export const readFilter = (collection: CollectionSpec, filter: Filter = {}): Term =>
  new FilterReader(collection).read(filter);

/** The sort with its tie-breaker, after which nothing is left to sort by. @throws ReadStoreError invalid_query */
export const readSort = (collection: CollectionSpec, sort: Query['sort'] = []): readonly SortKey[] => {
  for (const [field, direction] of sort) {
    typeOf(collection, field);
    if (direction !== 'asc' && direction !== 'desc') refuse(`Sorted is asc or desc, not "${direction}".`);
  }
  const id = sort.findIndex(([field]) => field === '_id');
  return id < 0 ? [...sort, ['_id', sort.at(-1)?.[1] ?? 'asc']] : sort.slice(0, id + 1);
};

/** @throws ReadStoreError invalid_query */
export const readWindow = ({ limit, offset = 0 }: Query): { readonly limit: number; readonly offset: number } => {
  if (!Number.isSafeInteger(limit) || limit < 1 || limit > MAX_LIMIT) {
    refuse(`limit is ${limit}; it may be 1 to ${MAX_LIMIT}.`);
  }
  if (!Number.isSafeInteger(offset) || offset < 0) refuse(`offset is ${offset}; it may be 0 or more.`);
  return { limit, offset };
};
