import { type Connection, type Model, Schema } from 'mongoose';
import type { CollectionSpec, FieldType, Scalar } from '#read-store';
import { fieldsOf } from '../rules/names.js';
import { pathOf } from './query-filter.js';

/** A document of a read model. What is gone keeps `_id`, `position` and `gone` alone. */
export interface StoredRecord {
  readonly _id: string;
  readonly position: string;
  readonly gone: boolean;
  readonly stale?: true;
  /** What queries may name. */
  readonly fields?: Readonly<Record<string, Scalar>>;
  /** The document itself, as text: dotted keys, empty objects and `type` come back as they were. */
  readonly body?: string;
}

export type RecordModel = Model<StoredRecord>;

const TYPES: Readonly<Record<FieldType, unknown>> = { text: String, time: String, number: Number, boolean: Boolean };

/** One setting for every schema here: indexes and collections are made by `prepare` alone, and nothing is dropped unsaid. */
export const SCHEMA_OPTIONS = {
  autoIndex: false,
  autoCreate: false,
  bufferCommands: false,
  minimize: false,
  versionKey: false,
  id: false,
  strict: 'throw',
  strictQuery: 'throw',
  // A declared field may be named `type`.
  typeKey: '$type',
} as const;

const schemaOf = (spec: CollectionSpec): Schema<StoredRecord> => {
  const fields = fieldsOf(spec).map(([field, type]) => [pathOf(field), { $type: TYPES[type] }]);
  const own = {
    _id: { $type: String },
    position: { $type: String },
    gone: { $type: Boolean },
    stale: { $type: Boolean },
    body: { $type: String },
  };
  const schema = new Schema<StoredRecord>({ ...own, ...Object.fromEntries(fields) }, SCHEMA_OPTIONS);
  for (const index of spec.indexes) {
    const keys = ['gone', ...index.map(pathOf), '_id'];
    schema.index(Object.fromEntries(keys.map((key) => [key, 1])));
  }
  return schema;
};

/** The model of one build's collection; the same one when asked again. */
export const modelOf = (connection: Connection, name: string, spec: CollectionSpec): RecordModel =>
  (connection.models[name] as RecordModel | undefined) ?? connection.model<StoredRecord>(name, schemaOf(spec), name);
