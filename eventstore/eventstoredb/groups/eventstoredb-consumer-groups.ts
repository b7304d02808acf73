import { setTimeout as sleep } from 'node:timers/promises';
import { checkConsume, checkGroup, checkPage, settingsOf, startOf } from '../../common/group-arguments.js';
import {
  type ConsumeOptions,
  ConsumerGroups,
  EventStoreError,
  type GroupDelivery,
  type GroupSettings,
  type GroupStatus,
  type ParkedEvent,
  type RecordedEvent,
} from '../../port/index.js';
import type { Appends } from '../appends.js';
import { type Connection, closedRefusal } from '../connection.js';
import type { StreamPages } from '../stream-pages.js';
import type { Tombstones } from '../tombstones.js';
import { Consumer, type GroupTerms } from './consumer.js';
import { type GroupRecord, GroupRecords } from './group-record.js';
import type { Lane } from './lane.js';
import { ParkedLinks, parkedEvent, reasonWith } from './parked-links.js';
import { LONGEST_PAUSE_MS, ServerGroup } from './server-group.js';

const DEFAULT_BUFFER = 32;
/** The server confirms no answer; how far it came is asked until it fits, and for no longer than this. */
const SETTLE_MS = 2_000;

export interface GroupsParts {
  readonly connection: Connection;
  readonly streams: StreamPages;
  readonly appends: Appends;
  readonly tombstones: Tombstones;
  readonly head: () => Promise<bigint>;
  readonly report: (error: unknown) => void;
  readonly readMs: number | undefined;
}

/** Competing consumers by persistent subscriptions to `$all` with a filter by type. */
export class EventStoreDbConsumerGroups extends ConsumerGroups {
  private readonly records: GroupRecords;
  private readonly links: ParkedLinks;
  private readonly consumers = new Set<Consumer>();
  private isClosed = false;

  constructor(private readonly parts: GroupsParts) {
    super();
    this.records = new GroupRecords(parts.streams, parts.appends);
    this.links = new ParkedLinks(parts.connection, parts.appends, parts.readMs);
  }

  async ensure(group: string, settings: GroupSettings): Promise<void> {
    this.refuseWhenClosed();
    checkGroup(group);
    const wanted = settingsOf(settings);
    const start = startOf(settings.after);
    const server = this.server(group);
    for (;;) {
      const stored = await this.records.load(group);
      const info = await server.info();
      if (info && stored.record && sameTypes(stored.record.types, wanted.types)) return server.update(info, wanted);
      const place = info ? await this.placeOf(group, stored.record) : undefined;
      const after = place ?? (start === 'end' ? await this.parts.head() : BigInt(start));
      // First what it is for, then the group: whoever loses here finds the winner's words when it looks again.
      if (!(await this.records.save(group, { types: wanted.types, after: String(after) }, stored))) continue;
      // A filter cannot be changed, so the group is made anew where it stands, with what it has parked.
      const parked = info ? await this.links.newest(group, Number(info.stats.parkedMessageCount)) : [];
      if (info) await server.remove();
      await this.links.restore(group, parked);
      if (await server.create(wanted, after)) return;
    }
  }

  consume(group: string, options: ConsumeOptions = {}): AsyncIterable<GroupDelivery> {
    return { [Symbol.asyncIterator]: () => this.consumer(group, options) };
  }

  async parked(group: string, { limit, offset }: { limit: number; offset: number }): Promise<readonly ParkedEvent[]> {
    this.refuseWhenClosed();
    checkGroup(group);
    checkPage(limit, offset);
    return (await this.allParked(group)).slice(offset, offset + limit);
  }

  async replayParked(group: string): Promise<number> {
    this.refuseWhenClosed();
    checkGroup(group);
    const parked = await this.allParked(group);
    if (parked.length > 0) await this.server(group).replayParked();
    return parked.length;
  }

  async status(group: string): Promise<GroupStatus | undefined> {
    this.refuseWhenClosed();
    checkGroup(group);
    await this.settle(
      group,
      this.ofGroup(group).flatMap(({ openLanes }) => openLanes),
    );
    const info = await this.server(group).info();
    if (!info) return undefined;
    const { record } = await this.records.load(group);
    const { lastCheckpointedEventPosition: place, totalInFlightMessages, parkedMessageCount } = info.stats;
    return {
      group,
      types: record?.types ?? [],
      position: place?.commit ?? null,
      inFlight: totalInFlightMessages,
      parked: parkedMessageCount > 0n ? (await this.allParked(group)).length : 0,
      // One consumer may hold several connections; the part before the slash is its own.
      consumers: new Set(info.connections.map(({ connectionName }) => connectionName.split('/')[0])).size,
    };
  }

  async remove(group: string): Promise<void> {
    this.refuseWhenClosed();
    checkGroup(group);
    await this.server(group).remove();
    for (;;) {
      const stored = await this.records.load(group);
      if (!stored.record || (await this.records.save(group, undefined, stored))) return;
    }
  }

  async close(): Promise<void> {
    this.isClosed = true;
    await Promise.all(Array.from(this.consumers, (consumer) => consumer.leave()));
  }

  private consumer(group: string, options: ConsumeOptions): AsyncIterator<GroupDelivery, undefined> {
    if (options.signal?.aborted) return over;
    this.refuseWhenClosed();
    checkGroup(group);
    checkConsume(options);
    const { connection, report, tombstones } = this.parts;
    const { signal } = options;
    const consumer = new Consumer({
      connection,
      group,
      buffer: options.buffer ?? DEFAULT_BUFFER,
      report,
      terms: () => this.terms(group),
      noSuchGroup: () =>
        new EventStoreError('invalid_argument', `There is no group "${group}": ensure it first.`, { group }),
      isDeleted: async ({ stream, position }) => {
        await tombstones.reach(position);
        return tombstones.has(stream);
      },
      park: (lane, { id, retries }, event, reason) => this.park(group, lane, id, event, reasonWith(retries, reason)),
      settle: (lanes) => this.settle(group, lanes),
      isHeard: async (lane) => {
        const before = lane.unanswered.size;
        const sent = (await this.inFlight(group)).get(lane.name);
        return sent !== undefined && sent <= Math.max(before, lane.unanswered.size);
      },
      left: (one) => {
        signal?.removeEventListener('abort', abort);
        this.consumers.delete(one);
      },
    });
    const abort = (): void => void consumer.leave();
    signal?.addEventListener('abort', abort, { once: true });
    this.consumers.add(consumer);
    return consumer;
  }

  private async terms(group: string): Promise<GroupTerms | undefined> {
    const [info, { record }] = await Promise.all([this.server(group).info(), this.records.load(group)]);
    if (!info || !record) return undefined;
    return {
      types: record.types,
      after: BigInt(record.after),
      ackTimeoutMs: info.settings.messageTimeout - LONGEST_PAUSE_MS,
      maxRetries: info.settings.maxRetryCount - 1,
    };
  }

  private async park(group: string, lane: Lane, id: string, event: RecordedEvent, reason: string): Promise<void> {
    const before = await this.links.lastRevision(group);
    await lane.park(id, reason);
    await this.links.stands(group, event, before);
  }

  private async allParked(group: string): Promise<ParkedEvent[]> {
    const info = await this.server(group).info();
    const count = Number(info?.stats.parkedMessageCount ?? 0);
    const found = (await this.links.newest(group, count)).flatMap((link) => parkedEvent(link) ?? []);
    for (const { event } of found) await this.parts.tombstones.reach(event.position);
    return found.filter(({ event }) => !this.parts.tombstones.has(event.stream));
  }

  /** Where a group stands that is to be made anew: what was answered last is waited for, within reason. */
  private async placeOf(group: string, record: GroupRecord | undefined): Promise<bigint> {
    await this.settle(
      group,
      this.ofGroup(group).flatMap(({ openLanes }) => openLanes),
    );
    const began = performance.now();
    for (;;) {
      const stats = (await this.server(group).info())?.stats;
      const place = stats?.lastCheckpointedEventPosition?.commit;
      const known = stats?.lastKnownEventPosition?.commit;
      if ((place !== undefined && place === known) || performance.now() - began > SETTLE_MS)
        return place ?? BigInt(record?.after ?? 0);
      await sleep(50);
    }
  }

  /** Until the server knows of no more unanswered messages on these connections than we do. */
  private async settle(group: string, lanes: readonly Lane[]): Promise<void> {
    const began = performance.now();
    for (let pause = 1; performance.now() - began < SETTLE_MS; pause = Math.min(pause * 2, 100)) {
      const open = lanes.filter(({ isOpen }) => isOpen);
      if (open.length === 0) return;
      const inFlight = await this.inFlight(group).catch(() => undefined);
      if (!inFlight) return;
      if (open.every(({ name, unanswered }) => (inFlight.get(name) ?? 0) <= unanswered.size)) return;
      await sleep(pause);
    }
  }

  /** Unanswered messages by connection, as the server has it. */
  private async inFlight(group: string): Promise<ReadonlyMap<string, number>> {
    const info = await this.server(group).info();
    return new Map(info?.connections.map(({ connectionName, inFlightMessages }) => [connectionName, inFlightMessages]));
  }

  private ofGroup(group: string): Consumer[] {
    return [...this.consumers].filter((consumer) => consumer.group === group);
  }

  private server(group: string): ServerGroup {
    return new ServerGroup(this.parts.connection, group);
  }

  private refuseWhenClosed(): void {
    if (this.isClosed) throw closedRefusal();
  }
}

const over: AsyncIterator<GroupDelivery, undefined> = {
  next: async () => ({ value: undefined, done: true }),
  return: async () => ({ value: undefined, done: true }),
};

const sameTypes = (a: readonly string[], b: readonly string[]): boolean =>
  a.length === b.length && a.every((type, index) => type === b[index]);
