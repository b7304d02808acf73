import type { Checkpoints } from '#ops-store';
import type { Models } from './models.js';
import { inserted } from './mongo-records.js';
import type { MongoServer } from './mongo-server.js';

/** As many digits as 2^63 has, and one to spare. */
const DIGITS = 20;

export class MongoCheckpoints implements Checkpoints {
  private readonly saving = new Map<string, Promise<void>>();

  constructor(
    private readonly server: MongoServer,
    private readonly models: Models,
  ) {}

  async load(name: string): Promise<bigint | undefined> {
    const found = await this.server.ask(() => this.models.checkpoints.findById(name).lean());
    return found ? BigInt(found.position) : undefined;
  }

  /** Those of one name one after the other: FerretDB compares and writes in two steps, and two would pass each other. */
  async save(name: string, position: bigint): Promise<void> {
    const before = this.saving.get(name);
    const saved = (before ?? Promise.resolve()).catch(() => {}).then(() => this.write(name, position));
    this.saving.set(name, saved);
    try {
      await saved;
    } finally {
      if (this.saving.get(name) === saved) this.saving.delete(name);
    }
  }

  private async write(name: string, bare: bigint): Promise<void> {
    const position = String(bare).padStart(DIGITS, '0');
    const { checkpoints } = this.models;
    const { matchedCount } = await this.server.ask(() => checkpoints.updateOne({ _id: name }, { $max: { position } }));
    if (matchedCount > 0) return;
    if (await this.server.ask(() => inserted(checkpoints.insertOne({ _id: name, position })))) return;
    await this.server.ask(() => checkpoints.updateOne({ _id: name }, { $max: { position } }));
  }
}
