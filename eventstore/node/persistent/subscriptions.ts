import { groupDoesNotExist, groupDropped, groupExists, groupFailed } from '../errors.js';
import { GroupConfig } from './config.js';
import { Group } from './group.js';
import type { GroupSurroundings } from './group-faces.js';
import { type GroupSettings, groupId } from './settings.js';

/** Every group of the node. Changes are made one after another, and stand in the configuration when they are answered. */
export class PersistentSubscriptions {
  private readonly config: GroupConfig;
  private groups = new Map<string, Group>();
  private changes: Promise<unknown> = Promise.resolve();

  private constructor(private readonly around: GroupSurroundings) {
    this.config = new GroupConfig(around.log, around.now);
  }

  static async open(around: GroupSurroundings): Promise<PersistentSubscriptions> {
    const subscriptions = new PersistentSubscriptions(around);
    await subscriptions.load();
    return subscriptions;
  }

  /** @throws NodeError exists | failed */
  create(settings: GroupSettings, user: string): Promise<void> {
    return this.change(async () => {
      if (this.groups.has(groupId(settings))) throw groupExists(settings.source, settings.group);
      refuseBad(settings);
      this.groups.set(groupId(settings), await Group.start(settings, this.around));
      await this.save(user);
    });
  }

  /** Its readers are dropped; it goes on where it was. @throws NodeError doesNotExist | failed */
  update(settings: GroupSettings, user: string): Promise<void> {
    return this.change(async () => {
      const old = this.find(settings.source, settings.group);
      // A filter is what a group is made with; an update says nothing of it.
      const updated = { ...settings, filter: old.settings.filter };
      refuseBad(updated);
      await old.stop(groupDropped(settings.source, settings.group));
      this.groups.set(groupId(updated), await Group.start(updated, this.around));
      await this.save(user);
    });
  }

  /** @throws NodeError doesNotExist */
  delete(source: string, group: string, user: string): Promise<void> {
    return this.change(async () => {
      const old = this.find(source, group);
      this.groups.delete(groupId(old.settings));
      // First the configuration: a crash in between leaves streams nobody reads, not a group without its place.
      await this.save(user);
      await old.remove();
    });
  }

  /** @throws NodeError doesNotExist */
  find(source: string, group: string): Group {
    const found = this.groups.get(groupId({ source, group }));
    if (!found) throw groupDoesNotExist(source, group);
    return found;
  }

  list(): readonly Group[] {
    return [...this.groups.values()];
  }

  /** @throws NodeError doesNotExist when it has none */
  listFor(source: string): readonly Group[] {
    const found = this.list().filter(({ settings }) => settings.source === source);
    if (found.length === 0) throw groupDoesNotExist(source, '');
    return found;
  }

  /** Every reader is dropped; every group is read from the log again. */
  restart(): Promise<void> {
    return this.change(async () => {
      const old = [...this.groups.values()];
      this.groups = new Map();
      await Promise.all(old.map((group) => group.stop(groupDropped(group.settings.source, group.settings.group))));
      await this.load();
    });
  }

  /** Readers' calls are the server's to end. */
  async stop(): Promise<void> {
    await this.change(async () => {
      await Promise.all([...this.groups.values()].map((group) => group.stop(undefined)));
    });
  }

  private async load(): Promise<void> {
    for (const settings of await this.config.load())
      this.groups.set(groupId(settings), await Group.start(settings, this.around));
  }

  private save(user: string): Promise<void> {
    return this.config.save(
      [...this.groups.values()].map(({ settings }) => settings),
      user,
    );
  }

  private change<Result>(work: () => Promise<Result>): Promise<Result> {
    const done = this.changes.then(work);
    this.changes = done.catch(() => {});
    return done;
  }
}

/** @throws NodeError failed */
function refuseBad({ source, group, readBatchSize, historyBufferSize }: GroupSettings): void {
  if (readBatchSize >= historyBufferSize)
    throw groupFailed(
      source,
      group,
      "Specified argument was out of the range of valid values. (Parameter 'ReadBatchSize may not be greater than or equal to BufferSize')",
    );
}
