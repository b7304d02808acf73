import { type Connection, type Model, Schema, type SchemaDefinition } from 'mongoose';
import type { Delivery } from '#ops-store';

export interface FactDocument {
  readonly _id: string;
  readonly value: Buffer;
}

export interface KeyDocument {
  readonly _id: string;
  /** Null: destroyed. The document stays: that a key was destroyed must be known for ever. */
  readonly wrapped: Buffer | null;
}

export interface SaltDocument {
  readonly _id: string;
  readonly wrapped: Buffer;
}

export interface AnswerDocument {
  readonly _id: string;
  readonly fingerprint: string;
  readonly token: string;
  /** When the lock of a request under way lapses, or when its answer does. */
  readonly expires: number;
  readonly subject: string | null;
  readonly answer: Buffer | null;
}

export interface CheckpointDocument {
  readonly _id: string;
  /** Padded with zeros: greater text is further. */
  readonly position: string;
}

export interface LastUseDocument {
  readonly _id: string;
  readonly at: number;
}

export interface LeaseDocument {
  readonly _id: string;
  readonly holder: string;
  readonly until: number;
}

export interface FailureDocument {
  readonly _id: string;
  readonly name: string;
  readonly at: number;
  readonly expires: number;
}

export type DeliveryDocument = Omit<Delivery, 'id'> & { readonly _id: string };

/** An upload that has begun: its chunks are nobody's until the file's document names them. */
export interface UploadDocument {
  readonly _id: string;
  readonly since: number;
}

export interface Models {
  readonly facts: Model<FactDocument>;
  readonly keys: Model<KeyDocument>;
  readonly salts: Model<SaltDocument>;
  readonly answers: Model<AnswerDocument>;
  readonly checkpoints: Model<CheckpointDocument>;
  readonly lastUse: Model<LastUseDocument>;
  readonly leases: Model<LeaseDocument>;
  readonly failures: Model<FailureDocument>;
  readonly deliveries: Model<DeliveryDocument>;
  readonly uploads: Model<UploadDocument>;
}

/** Every field must be told, null included; a field that no schema names is a mistake, not something to drop in silence. */
const schemaOf = (fields: SchemaDefinition, indexes: readonly Record<string, 1 | -1>[] = []): Schema => {
  const schema = new Schema(
    { _id: { type: String, required: true }, ...fields },
    { versionKey: false, minimize: false, strict: 'throw', strictQuery: 'throw', id: false },
  );
  for (const index of indexes) schema.index(index);
  return schema;
};

const text = { type: String, required: true };
const number = { type: Number, required: true };
const bytes = { type: Buffer, required: true };
const textOrNull = { type: String, default: null };
const numberOrNull = { type: Number, default: null };
const bytesOrNull = { type: Buffer, default: null };

const SCHEMAS = {
  facts: ['facts', schemaOf({ value: bytes })],
  keys: ['data_keys', schemaOf({ wrapped: bytesOrNull })],
  salts: ['salts', schemaOf({ wrapped: bytes })],
  answers: [
    'idempotency',
    schemaOf({ fingerprint: text, token: text, expires: number, subject: textOrNull, answer: bytesOrNull }, [
      { expires: 1 },
      { subject: 1 },
    ]),
  ],
  checkpoints: ['checkpoints', schemaOf({ position: text })],
  lastUse: ['last_use', schemaOf({ at: number })],
  leases: ['leases', schemaOf({ holder: text, until: number })],
  failures: ['failures', schemaOf({ name: text, at: number, expires: number }, [{ name: 1, at: 1 }, { expires: 1 }])],
  deliveries: [
    'deliveries',
    schemaOf(
      {
        orgId: text,
        kind: text,
        subject: text,
        refs: { type: Schema.Types.Mixed, required: true },
        queue: {
          type: new Schema({ target: text, lane: text, place: text }, { _id: false, strict: 'throw' }),
          default: null,
        },
        state: text,
        attempts: number,
        nextAttemptAt: number,
        createdAt: number,
        sentAt: numberOrNull,
        lastError: textOrNull,
      },
      [
        { state: 1, nextAttemptAt: 1, _id: 1 },
        { orgId: 1, createdAt: -1, _id: -1 },
        { subject: 1 },
        { 'queue.target': 1, state: 1, nextAttemptAt: 1 },
        { 'queue.target': 1, createdAt: -1, _id: -1 },
        { 'queue.lane': 1, state: 1, 'queue.place': 1, _id: 1 },
      ],
    ),
  ],
  uploads: ['uploads', schemaOf({ since: number })],
} as const satisfies Record<keyof Models, readonly [string, Schema]>;

export const modelsOf = (connection: Connection): Models => {
  const models = Object.entries(SCHEMAS).map(([name, [collection, schema]]) => [
    name,
    connection.model(collection, schema, collection),
  ]);
  return Object.fromEntries(models) as unknown as Models;
};

/** Repeatable; what is there already stays. One after the other: FerretDB answers two that make the same database with an error. */
export const prepareCollections = async (models: Models): Promise<void> => {
  for (const model of Object.values(models) as Model<unknown>[]) {
    await model.createCollection();
    await model.createIndexes();
  }
};
