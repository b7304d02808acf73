import type { Connection, mongo } from 'mongoose';
import { onlyDuplicates } from '#platform/mongodb/index.js';
import type { RecordModel, StoredRecord } from './models.js';

export type Operation = mongo.AnyBulkWriteOperation<StoredRecord>;

/**
 * FerretDB 1.24 keeps a connection to its own database for every replacement of a command until the command ends. It has a
 * hundred of them: a command of more, or several at once, wait for each other for ever.
 */
const REPLACEMENTS_OF_FERRETDB = 50;

/** Many writes in one go, as many as the server takes. */
export class Bulks {
  private last: Promise<unknown> = Promise.resolve();

  private constructor(private readonly replacementsAtOnce: number | undefined) {}

  static async on(connection: Connection): Promise<Bulks> {
    const info = await connection.db!.admin().command({ buildInfo: 1 });
    return new Bulks(info['ferretdbVersion'] === undefined ? undefined : REPLACEMENTS_OF_FERRETDB);
  }

  /** Answers how many were inserted, or replaced what they expected. */
  async write(model: RecordModel, operations: readonly Operation[]): Promise<number> {
    if (this.replacementsAtOnce === undefined) return writeAll(model, operations);
    const written = this.last.catch(() => {}).then(() => this.inSteps(model, operations, this.replacementsAtOnce!));
    this.last = written;
    return written;
  }

  private async inSteps(model: RecordModel, operations: readonly Operation[], atOnce: number): Promise<number> {
    const inserts = operations.filter((operation) => 'insertOne' in operation);
    const replacements = operations.filter((operation) => !('insertOne' in operation));
    let written = inserts.length ? await writeAll(model, inserts) : 0;
    for (let first = 0; first < replacements.length; first += atOnce)
      written += await writeAll(model, replacements.slice(first, first + atOnce));
    return written;
  }
}

/** Past mongoose's casts: the records were checked against the declaration, and are written as they are. */
const writeAll = async (model: RecordModel, operations: readonly Operation[]): Promise<number> => {
  const collection = model.collection as unknown as mongo.Collection<StoredRecord>;
  try {
    const { insertedCount, matchedCount } = await collection.bulkWrite(operations, { ordered: false });
    return insertedCount + matchedCount;
  } catch (error) {
    if (!onlyDuplicates(error)) throw error;
    return error.result.insertedCount + error.result.matchedCount;
  }
};
