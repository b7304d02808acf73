import { randomUUID } from 'node:crypto';
import type { FailureRecords } from '../sealed/records.js';
import type { Models } from './models.js';
import type { MongoServer } from './mongo-server.js';

/** A document for each, so that no two who note one at once meet. */
export class MongoFailures implements FailureRecords {
  constructor(
    private readonly server: MongoServer,
    private readonly models: Models,
  ) {}

  async noteFailure(name: string, at: number, expires: number): Promise<void> {
    await this.server.ask(() => this.models.failures.insertOne({ _id: randomUUID(), name, at, expires }));
  }

  async failuresSince(name: string, after: number): Promise<readonly number[]> {
    const filter = { name, at: { $gt: after } };
    const found = await this.server.ask(() => this.models.failures.find(filter).sort({ at: 1 }).lean());
    return found.map(({ at }) => at);
  }

  async deleteExpiredFailures(now: number): Promise<number> {
    const { deletedCount } = await this.server.ask(() => this.models.failures.deleteMany({ expires: { $lte: now } }));
    return deletedCount;
  }
}
