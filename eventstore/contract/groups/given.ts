import { randomUUID } from 'node:crypto';
import type { ConsumeOptions, ConsumerGroups, EventStore, GroupDelivery, GroupSettings } from '#event-store';
import { event, ids, ownPrefix } from '../given.js';

/** A log, and groups that can be closed and opened again over it, as after a restart of whoever consumes. */
export interface GroupsHarness {
  readonly log: EventStore;
  open(): Promise<ConsumerGroups>;
  /** Closes what is open still. */
  close(): Promise<void>;
}

/** What a test works with: the log may be shared with others, so group, types and streams are its own. */
export class Given {
  readonly group = `contract-${randomUUID()}`;
  readonly type = `done_${randomUUID()}`;
  private readonly prefix = ownPrefix();
  private streams = 0;

  constructor(
    readonly log: EventStore,
    public groups: ConsumerGroups,
  ) {}

  ensure(settings: Partial<GroupSettings> = {}): Promise<void> {
    return this.groups.ensure(this.group, { types: [this.type], after: 'start', ...settings });
  }

  /** Events of the test's type in a stream of their own; answers their ids. */
  async events(count: number, type = this.type): Promise<string[]> {
    return (await this.stream(count, type)).ids;
  }

  async stream(count: number, type = this.type): Promise<{ name: string; ids: string[]; position: bigint }> {
    const written = Array.from({ length: count }, () => event(type));
    this.streams += 1;
    const name = `${this.prefix}${this.streams}`;
    const { position } = await this.log.append(name, 'no_stream', written);
    return { name, ids: ids(written), position };
  }

  consumer(options: ConsumeOptions = {}): TestConsumer {
    return new TestConsumer(this.groups.consume(this.group, options)[Symbol.asyncIterator]());
  }

  status() {
    return this.groups.status(this.group);
  }

  parked(limit = 100, offset = 0) {
    return this.groups.parked(this.group, { limit, offset });
  }
}

export class TestConsumer {
  constructor(readonly deliveries: AsyncIterator<GroupDelivery>) {}

  async next(): Promise<GroupDelivery> {
    const { value, done } = await this.deliveries.next();
    if (done) throw new Error('The deliveries ended.');
    return value;
  }

  async take(count: number): Promise<GroupDelivery[]> {
    const taken: GroupDelivery[] = [];
    while (taken.length < count) taken.push(await this.next());
    return taken;
  }

  /** Takes and acknowledges; answers the ids. */
  async finish(count: number): Promise<string[]> {
    const done: string[] = [];
    while (done.length < count) {
      const delivery = await this.next();
      await delivery.ack();
      done.push(delivery.event.id);
    }
    return done;
  }

  async leave(): Promise<void> {
    await this.deliveries.return?.();
  }
}

export const idsOf = (deliveries: readonly GroupDelivery[]): string[] => deliveries.map(({ event: { id } }) => id);
