import type { Deliveries, Delivery, DeliveryPage, Subject } from '#ops-store';
import type { DeliveryDocument, Models } from './models.js';
import { inserted } from './mongo-records.js';
import type { MongoServer } from './mongo-server.js';

const deliveryOf = ({ _id, ...rest }: DeliveryDocument): Delivery => ({ id: _id, ...rest });

const queuedFor = (target: string | undefined) => (target === undefined ? { queue: null } : { 'queue.target': target });

/** Behind one in the order of lists. The plain bound says nothing new, but an index can start at it. */
const behind = (after: DeliveryPage['after']) =>
  after === undefined
    ? {}
    : {
        createdAt: { $lte: after.createdAt },
        $or: [{ createdAt: { $lt: after.createdAt } }, { createdAt: after.createdAt, _id: { $lt: after.id } }],
      };

export class MongoDeliveries implements Deliveries {
  constructor(
    private readonly server: MongoServer,
    private readonly models: Models,
  ) {}

  add({ id, ...rest }: Delivery): Promise<boolean> {
    return this.server.ask(() => inserted(this.models.deliveries.insertOne({ _id: id, ...rest })));
  }

  async update(id: string, change: Parameters<Deliveries['update']>[1]): Promise<void> {
    const named = Object.fromEntries(Object.entries(change).filter(([, value]) => value !== undefined));
    if (Object.keys(named).length === 0) return;
    await this.server.ask(() => this.models.deliveries.updateOne({ _id: id }, { $set: named }));
  }

  async due(now: number, limit: number, target?: string): Promise<readonly Delivery[]> {
    const filter = { state: 'pending' as const, nextAttemptAt: { $lte: now }, ...queuedFor(target) };
    const found = await this.server.ask(() =>
      this.models.deliveries.find(filter).sort({ nextAttemptAt: 1, _id: 1 }).limit(limit).lean(),
    );
    return found.map(deliveryOf);
  }

  async dueTargets(now: number, limit: number): Promise<readonly string[]> {
    const filter = { state: 'pending' as const, nextAttemptAt: { $lte: now }, queue: { $ne: null } };
    const targets = await this.server.ask(() => this.models.deliveries.distinct('queue.target', filter));
    return (targets as string[]).slice(0, limit);
  }

  async headOf(lane: string): Promise<Delivery | undefined> {
    const filter = { 'queue.lane': lane, state: 'pending' as const };
    const found = await this.server.ask(() =>
      this.models.deliveries.findOne(filter).sort({ 'queue.place': 1, _id: 1 }).lean(),
    );
    return found ? deliveryOf(found) : undefined;
  }

  async find(id: string): Promise<Delivery | undefined> {
    const found = await this.server.ask(() => this.models.deliveries.findById(id).lean());
    return found ? deliveryOf(found) : undefined;
  }

  async list(
    orgId: string,
    { limit, offset, target, state, after }: DeliveryPage,
  ): Promise<{ deliveries: readonly Delivery[]; total: number }> {
    const { deliveries } = this.models;
    const filter = { orgId, ...queuedFor(target), ...(state === undefined ? {} : { state }) };
    const [found, total] = await this.server.ask(() =>
      Promise.all([
        deliveries
          .find({ ...filter, ...behind(after) })
          .sort({ createdAt: -1, _id: -1 })
          .skip(offset)
          .limit(limit)
          .lean(),
        deliveries.countDocuments(filter),
      ]),
    );
    return { deliveries: found.map(deliveryOf), total };
  }

  async deleteFor(subject: Subject): Promise<void> {
    await this.server.ask(() => this.models.deliveries.deleteMany({ subject }));
  }
}
