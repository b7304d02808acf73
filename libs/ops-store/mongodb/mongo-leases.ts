import type { Leases } from '#ops-store';
import type { Models } from './models.js';
import { inserted } from './mongo-records.js';
import type { MongoServer } from './mongo-server.js';

/**
 * By the database's clock, asked for before the step that takes the lease: what passes in between makes a lease end earlier
 * and be taken over later, never the other way round. (`$$NOW` would spare the question; FerretDB does not know it.)
 */
export class MongoLeases implements Leases {
  constructor(
    private readonly server: MongoServer,
    private readonly models: Models,
  ) {}

  async acquire(name: string, holder: string, ttlMs: number): Promise<boolean> {
    const now = await this.server.now();
    const mine = { holder, until: now + ttlMs };
    const { leases } = this.models;
    const free = { _id: name, $or: [{ holder }, { until: { $lte: now } }] };
    // Matched, not modified: renewed within the same millisecond it is the same document.
    const taken = await this.server.ask(() => leases.updateOne(free, { $set: mine }));
    if (taken.matchedCount > 0) return true;
    return this.server.ask(() => inserted(leases.insertOne({ _id: name, ...mine })));
  }

  async release(name: string, holder: string): Promise<void> {
    await this.server.ask(() => this.models.leases.deleteOne({ _id: name, holder }));
  }
}
