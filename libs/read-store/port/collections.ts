/** Columns a filter or sort may name. `time` is ISO-8601 UTC text with milliseconds; `number` is a finite double. */
export type FieldType = 'text' | 'number' | 'boolean' | 'time';

export interface CollectionSpec {
  /** Unique in the house: lower-case words with underscores. */
  readonly name: string;
  /** What filters and sorts may name; a missing or null value is null. Other fields of a document are kept, not queried. */
  readonly fields: Readonly<Record<string, FieldType>>;
  /** Field names in order; `_id` ends each as tie-breaker. */
  readonly indexes: readonly (readonly string[])[];
}

/** A collection with the type of its documents: what rooms pass around. */
export interface Collection<Document extends object> extends CollectionSpec {
  /** Never set: carries the type. */
  readonly document?: Document;
}

export const defineCollection = <Document extends object>(spec: CollectionSpec): Collection<Document> => spec;

/** Whether both describe the same collections to queries; indexes may differ. */
export const sameFields = (a: readonly CollectionSpec[], b: readonly CollectionSpec[]): boolean =>
  fieldList(a) === fieldList(b);

const fieldList = (collections: readonly CollectionSpec[]): string =>
  collections
    .flatMap(({ name, fields }) => [name, ...Object.entries(fields).map(([field, type]) => `${name}.${field}:${type}`)])
    .toSorted()
    .join();

export type Scalar = string | number | boolean | null;

/**
 * A subset of MongoDB's own: equality, $in, ranges, prefix, $and, $or. `_id` may be named like a text field.
 * Text is compared by code points. Null equals null (and a missing value) and is in no range. Values are of the field's
 * type, or null. An empty $and holds for all, an empty $or or $in for none.
 */
export type Filter = {
  readonly $and?: readonly Filter[];
  readonly $or?: readonly Filter[];
} & { readonly [field: string]: Condition | readonly Filter[] | undefined };

export type Condition =
  | Scalar
  | {
      readonly $in?: readonly Scalar[];
      readonly $gt?: string | number;
      readonly $gte?: string | number;
      readonly $lt?: string | number;
      readonly $lte?: string | number;
      readonly $prefix?: string;
    };

export interface Query {
  readonly filter?: Filter;
  /** Ties are broken by `_id` in the direction of the last key. Nulls come first ascending. */
  readonly sort?: readonly (readonly [field: string, direction: 'asc' | 'desc'])[];
  readonly limit: number;
  readonly offset?: number;
}

/** A document as it is read. `_stale`: its stream is quarantined, it may be behind. */
export type Found<Document> = Document & { readonly _id: string; readonly _stale?: true };

export interface Page<Document> {
  readonly documents: readonly Found<Document>[];
  /** Of all that match the filter: in the same snapshot, or (MongoDB) counted after it and never less than what is shown. */
  readonly total: number;
}
