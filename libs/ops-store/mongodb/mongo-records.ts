import { isDuplicate } from '#platform/mongodb/index.js';
import type { KeyRecords, KeyRow, LastUseRecords, SaltRecords } from '../sealed/records.js';
import type { Models } from './models.js';
import type { MongoServer } from './mongo-server.js';

/**
 * Two at once are told apart by `_id`, the one index that every server keeps unique while many write: a row is made by
 * insertion alone, and whoever comes second reads what the first wrote.
 */
export class MongoRecords implements KeyRecords, SaltRecords, LastUseRecords {
  constructor(
    private readonly server: MongoServer,
    private readonly models: Models,
  ) {}

  findKey(subject: string): Promise<KeyRow | undefined> {
    return this.server.ask(async () => (await this.models.keys.findById(subject).lean()) ?? undefined);
  }

  async obtainKey(subject: string, proposed: Uint8Array): Promise<KeyRow> {
    const standing = await this.findKey(subject);
    if (standing) return standing;
    await this.insert(() => this.models.keys.insertOne({ _id: subject, wrapped: Buffer.from(proposed) }));
    return (await this.findKey(subject)) as KeyRow;
  }

  /** A row is never taken away, so a second insertion means that the row is there to be emptied. */
  async destroyKey(subject: string): Promise<void> {
    if (await this.insert(() => this.models.keys.insertOne({ _id: subject, wrapped: null }))) return;
    await this.server.ask(() => this.models.keys.updateOne({ _id: subject }, { $set: { wrapped: null } }));
  }

  async obtainSalt(name: string, proposed: Uint8Array): Promise<Uint8Array> {
    const find = () => this.server.ask(() => this.models.salts.findById(name).lean());
    const standing = await find();
    if (standing) return standing.wrapped;
    await this.insert(() => this.models.salts.insertOne({ _id: name, wrapped: Buffer.from(proposed) }));
    return (await find())!.wrapped;
  }

  /** A fact about the whole store, written once. */
  async obtainFact(name: string, proposed: Uint8Array): Promise<Uint8Array> {
    await this.insert(() => this.models.facts.insertOne({ _id: name, value: Buffer.from(proposed) }));
    return (await this.server.ask(() => this.models.facts.findById(name).lean()))!.value;
  }

  async saveLastUse(id: string, at: number): Promise<void> {
    if (await this.insert(() => this.models.lastUse.insertOne({ _id: id, at }))) return;
    await this.server.ask(() => this.models.lastUse.updateOne({ _id: id, at: { $lt: at } }, { $set: { at } }));
  }

  async findLastUse(ids: readonly string[]): Promise<readonly (readonly [string, number])[]> {
    if (ids.length === 0) return [];
    const found = await this.server.ask(() => this.models.lastUse.find({ _id: { $in: [...ids] } }).lean());
    return found.map(({ _id, at }) => [_id, at]);
  }

  /** Whether it was not there before. */
  private insert(insertion: () => Promise<unknown>): Promise<boolean> {
    return this.server.ask(() => inserted(insertion()));
  }
}

export const inserted = (insertion: Promise<unknown>): Promise<boolean> =>
  insertion.then(
    () => true,
    (error: unknown) => {
      if (isDuplicate(error)) return false;
      throw error;
    },
  );
