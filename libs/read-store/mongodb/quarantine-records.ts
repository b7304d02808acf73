import { type Connection, type Model, Schema } from 'mongoose';
import { isDuplicate } from '#platform/mongodb/index.js';
import type { Quarantine } from '#read-store';
import type { KnownBuild } from './build-records.js';
import { SCHEMA_OPTIONS } from './models.js';
import { positionOf, positionText } from './positions.js';

interface QuarantineRecord {
  /** Incarnation of the build, and stream. */
  readonly _id: string;
  readonly incarnation: string;
  readonly stream: string;
  readonly position: string;
  readonly reason: string;
}

export class QuarantineRecords {
  private readonly model: Model<QuarantineRecord>;

  constructor(connection: Connection) {
    const text = { $type: String };
    const schema = new Schema(
      { _id: text, incarnation: text, stream: text, position: text, reason: text },
      SCHEMA_OPTIONS,
    );
    schema.index({ incarnation: 1 });
    this.model = connection.model<QuarantineRecord>('quarantine', schema as Schema<QuarantineRecord>, 'quarantine');
  }

  async prepare(): Promise<void> {
    await this.model.createIndexes();
  }

  /** From the lower of both positions when it is there already. */
  async put({ incarnation }: KnownBuild, { stream, position, reason }: Quarantine): Promise<void> {
    const _id = `${incarnation} ${stream}`;
    const lower = positionText(position);
    try {
      // Where it stands with no higher position, the insert that the upsert tries is refused: it stays.
      const higher = { _id, position: { $gt: lower } };
      await this.model.updateOne(higher, { $set: { incarnation, stream, position: lower, reason } }, { upsert: true });
    } catch (error) {
      if (!isDuplicate(error)) throw error;
      // Or another put it there at the same moment, at a higher position.
      await this.model.updateOne({ _id, position: { $gt: lower } }, { $set: { position: lower, reason } });
    }
  }

  async of({ incarnation }: KnownBuild): Promise<readonly Quarantine[]> {
    const records = await this.model.find({ incarnation }).sort({ stream: 1 }).lean<QuarantineRecord[]>();
    return records.map(({ stream, position, reason }) => ({ stream, position: positionOf(position), reason }));
  }

  async remove({ incarnation }: KnownBuild): Promise<void> {
    await this.model.deleteMany({ incarnation });
  }
}
