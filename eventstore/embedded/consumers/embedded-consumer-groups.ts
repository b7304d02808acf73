import {
  checkConsume,
  checkGroup,
  checkPage,
  settingsOf,
  startOf,
  type WholeSettings,
} from '../../common/group-arguments.js';
import {
  type ConsumeOptions,
  ConsumerGroups,
  EventStoreError,
  type GroupDelivery,
  type GroupSettings,
  type GroupStatus,
  type ParkedEvent,
} from '../../port/index.js';
import { Group, type GroupHouse } from './group.js';
import type { StoredGroup } from './group-file.js';

export interface GroupsParts extends GroupHouse {
  /** Stops hearing of deleted streams. */
  readonly release: () => void;
}

/** Competing consumers over the embedded log, in one process: groups in memory, their places in a file beside the log. */
export class EmbeddedConsumerGroups extends ConsumerGroups {
  private readonly groups = new Map<string, Group>();
  /** Making, changing and removing happen one after another. */
  private lastChange: Promise<unknown> = Promise.resolve();
  private closed: Promise<void> | undefined;

  constructor(
    private readonly parts: GroupsParts,
    stored: readonly StoredGroup[],
  ) {
    super();
    for (const group of stored) this.groups.set(group.name, new Group(parts, group));
  }

  async ensure(name: string, settings: GroupSettings): Promise<void> {
    checkGroup(name);
    const wanted = settingsOf(settings);
    const start = startOf(settings.after);
    this.refuseWhenClosed();
    await this.afterOthers(async () => {
      const group = this.groups.get(name);
      if (group) {
        if (!isSame(group.settings, wanted)) await group.change(wanted);
        return;
      }
      const frontier = start === 'end' ? Number(await this.parts.events.log.head()) : start;
      await this.parts.file.ask('create', name, wanted, frontier);
      this.groups.set(name, new Group(this.parts, { name, ...wanted, state: { frontier, open: [] } }));
    });
  }

  consume(name: string, options: ConsumeOptions = {}): AsyncIterable<GroupDelivery> {
    this.refuseWhenClosed();
    checkConsume(options);
    const group = this.known(name);
    return { [Symbol.asyncIterator]: () => group.consume(options) };
  }

  async parked(name: string, { limit, offset }: { limit: number; offset: number }): Promise<readonly ParkedEvent[]> {
    this.refuseWhenClosed();
    checkPage(limit, offset);
    return this.known(name).parked(limit, offset);
  }

  async replayParked(name: string): Promise<number> {
    this.refuseWhenClosed();
    return this.known(name).replayParked();
  }

  async status(name: string): Promise<GroupStatus | undefined> {
    this.refuseWhenClosed();
    return this.groups.get(name)?.status();
  }

  async remove(name: string): Promise<void> {
    this.refuseWhenClosed();
    await this.afterOthers(async () => {
      const group = this.groups.get(name);
      this.groups.delete(name);
      await group?.end(false);
      await this.parts.file.ask('remove', name);
    });
  }

  close(): Promise<void> {
    this.closed ??= this.finish();
    return this.closed;
  }

  /** A stream's events are gone. */
  forget(stream: string): void {
    this.parts.events.forget(stream);
    for (const group of this.groups.values()) group.forget(stream);
  }

  private async finish(): Promise<void> {
    await this.lastChange;
    this.parts.release();
    await Promise.all([...this.groups.values()].map((group) => group.end(true)));
    await this.parts.file.close();
  }

  private async afterOthers(change: () => Promise<void>): Promise<void> {
    const mine = this.lastChange.then(change);
    this.lastChange = mine.catch(() => undefined);
    await mine;
  }

  private known(name: string): Group {
    const group = this.groups.get(name);
    if (!group) throw new EventStoreError('invalid_argument', `There is no group ${JSON.stringify(name)}.`);
    return group;
  }

  private refuseWhenClosed(): void {
    if (this.closed) throw new EventStoreError('unavailable', 'The consumer groups are closed.');
  }
}

const isSame = (one: WholeSettings, other: WholeSettings): boolean =>
  one.types.join('\0') === other.types.join('\0') &&
  one.ackTimeoutMs === other.ackTimeoutMs &&
  one.maxRetries === other.maxRetries;
