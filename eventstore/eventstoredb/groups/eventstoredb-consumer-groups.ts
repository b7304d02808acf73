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
import { type Current, Generations } from './generations.js';
import { GroupRecords } from './group-record.js';
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
  private readonly generations: Generations;
  private readonly links: ParkedLinks;
  private readonly consumers = new Set<Consumer>();
  private isClosed = false;

  constructor(private readonly parts: GroupsParts) {
    super();
    const { connection, streams, appends, head, readMs } = parts;
    this.links = new ParkedLinks(connection, appends, readMs);
    this.generations = new Generations({
      connection,
      records: new GroupRecords(streams, appends),
      links: this.links,
      head,
      settled: (group) => this.settle(this.lanesOf(group)),
    });
  }

  async ensure(group: string, settings: GroupSettings): Promise<void> {
    this.refuseWhenClosed();
    checkGroup(group);
    const wanted = settingsOf(settings);
    const start = startOf(settings.after);
    await this.generations.ensure(group, wanted, start === 'end' ? start : BigInt(start));
  }

  consume(group: string, options: ConsumeOptions = {}): AsyncIterable<GroupDelivery> {
    return { [Symbol.asyncIterator]: () => this.consumer(group, options) };
  }

  async parked(group: string, { limit, offset }: { limit: number; offset: number }): Promise<readonly ParkedEvent[]> {
    this.refuseWhenClosed();
    checkGroup(group);
    checkPage(limit, offset);
    return (await this.allParked(await this.generations.current(group))).slice(offset, offset + limit);
  }

  async replayParked(group: string): Promise<number> {
    this.refuseWhenClosed();
    checkGroup(group);
    const current = await this.generations.current(group);
    const parked = await this.allParked(current);
    if (parked.length > 0) await current?.server.replayParked();
    return parked.length;
  }

  async status(group: string): Promise<GroupStatus | undefined> {
    this.refuseWhenClosed();
    checkGroup(group);
    await this.settle(this.lanesOf(group));
    const current = await this.generations.current(group);
    const info = await current?.server.info();
    if (!current || !info) return undefined;
    const { lastCheckpointedEventPosition: place, totalInFlightMessages, parkedMessageCount } = info.stats;
    return {
      group,
      types: current.record.types,
      position: place?.commit ?? null,
      inFlight: totalInFlightMessages,
      parked: parkedMessageCount > 0n ? (await this.allParked(current)).length : 0,
      // One consumer may hold several connections; the part before the slash is its own.
      consumers: new Set(info.connections.map(({ connectionName }) => connectionName.split('/')[0])).size,
    };
  }

  async remove(group: string): Promise<void> {
    this.refuseWhenClosed();
    checkGroup(group);
    await this.generations.remove(group);
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
      park: (lane, { id, retries }, event, reason) => this.park(lane, id, event, reasonWith(retries, reason)),
      settle: (lanes) => this.settle(lanes),
      isHeard: async (lane) => {
        const before = lane.unanswered.size;
        const sent = (await this.inFlight(lane.server)).get(lane.name);
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
    const current = await this.generations.current(group);
    const info = await current?.server.info();
    if (!current || !info) return undefined;
    const { record, server } = current;
    return {
      server: server.name,
      types: record.types,
      after: BigInt(record.after),
      ackTimeoutMs: info.settings.messageTimeout - LONGEST_PAUSE_MS,
      maxRetries: info.settings.maxRetryCount - 1,
    };
  }

  private async park(lane: Lane, id: string, event: RecordedEvent, reason: string): Promise<void> {
    const before = await this.links.lastRevision(lane.server);
    await lane.park(id, reason);
    await this.links.stands(lane.server, event, before);
  }

  private async allParked(current: Current | undefined): Promise<ParkedEvent[]> {
    if (!current) return [];
    const { server } = current;
    const found = (await this.links.newest(server.name, await server.parkedCount())).flatMap(
      (link) => parkedEvent(link) ?? [],
    );
    for (const { event } of found) await this.parts.tombstones.reach(event.position);
    return found.filter(({ event }) => !this.parts.tombstones.has(event.stream));
  }

  /** Until the server knows of no more unanswered messages on these connections than we do. */
  private async settle(lanes: readonly Lane[]): Promise<void> {
    const began = performance.now();
    for (let pause = 1; performance.now() - began < SETTLE_MS; pause = Math.min(pause * 2, 100)) {
      const open = lanes.filter(({ isOpen }) => isOpen);
      if (open.length === 0) return;
      // Those of one group most often: it was changed a moment ago otherwise.
      const servers = [...new Set(open.map(({ server }) => server))];
      const counts = await Promise.all(servers.map((server) => this.inFlight(server))).catch(() => undefined);
      if (!counts) return;
      const inFlight = new Map(counts.flatMap((count) => [...count]));
      if (open.every(({ name, unanswered }) => (inFlight.get(name) ?? 0) <= unanswered.size)) return;
      await sleep(pause);
    }
  }

  /** Unanswered messages by connection, as the server has it. */
  private async inFlight(server: string): Promise<ReadonlyMap<string, number>> {
    const info = await new ServerGroup(this.parts.connection, server).info();
    return new Map(info?.connections.map(({ connectionName, inFlightMessages }) => [connectionName, inFlightMessages]));
  }

  private lanesOf(group: string): Lane[] {
    const ours = [...this.consumers].filter((consumer) => consumer.group === group);
    return ours.flatMap(({ openLanes }) => openLanes);
  }

  private refuseWhenClosed(): void {
    if (this.isClosed) throw closedRefusal();
  }
}

const over: AsyncIterator<GroupDelivery, undefined> = {
  next: async () => ({ value: undefined, done: true }),
  return: async () => ({ value: undefined, done: true }),
};
