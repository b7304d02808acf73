import { isEventStoreError } from '../../port/index.js';
import type { NodeEvent, NodeLog, Resolved } from '../log/node-log.js';
import { jsonEvent, linkEvent, METADATA, metadataStream } from './records.js';
import { type GroupSettings, groupId } from './settings.js';

const PAGE = 500;
const ADMINS_ONLY = { $r: '$admins', $w: '$admins', $d: '$admins', $mr: '$admins', $mw: '$admins' };

interface StreamEnds {
  /** First revision that is shown. */
  readonly first: bigint;
  readonly next: bigint;
}

/**
 * A group's parked messages: links in a stream of its own, which anybody may read. Those handed out again leave it at once,
 * and stand in a second stream until they were answered, so that a crash in between loses none.
 */
export class ParkedMessages {
  private readonly parked: string;
  private readonly replaying: string;
  private ends: StreamEnds = { first: 0n, next: 0n };

  constructor(
    private readonly log: NodeLog,
    settings: GroupSettings,
    private readonly now: () => number,
  ) {
    this.parked = `$persistentsubscription-${groupId(settings)}-parked`;
    this.replaying = `$persistentsubscription-${groupId(settings)}-replaying`;
  }

  get count(): bigint {
    return this.ends.next - this.ends.first;
  }

  /** Counts what is parked, and answers what was being replayed when the node ended. */
  async load(): Promise<Resolved[]> {
    const first = await this.log.readStream(this.parked, { direction: 'forwards', from: 'start', limit: 1 });
    const last = await this.log.readStream(this.parked, { direction: 'backwards', from: 'end', limit: 1 });
    const [oldest] = first.events;
    const [newest] = last.events;
    const end = newest ? newest.revision + 1n : 0n;
    this.ends = { first: oldest?.revision ?? end, next: end };
    return this.resolve(await this.all(this.replaying));
  }

  /** Durable when answered. */
  async park(message: Resolved, reason: string): Promise<void> {
    const original = message.link ?? message.event;
    const link = linkEvent(targetOf(message), {
      added: new Date(this.now()).toISOString(),
      reason,
      subscriptionEventNumber: Number(original?.revision ?? -1n),
    });
    const { revision } = await this.log.append(this.parked, 'any', [link]);
    if (revision === null) return;
    const { first } = this.ends;
    // The first after a time of none may stand far from where the last one was.
    this.ends = { first: this.count === 0n ? revision : first, next: revision + 1n };
  }

  /** Takes those before `stopAt` out, to be handed out again; events that are no more are left out. */
  async take(stopAt: bigint | undefined): Promise<Resolved[]> {
    const all = await this.all(this.parked);
    const links = stopAt === undefined ? all : all.filter(({ revision }) => revision < stopAt);
    const last = links.at(-1);
    if (!last) return [];
    for (let index = 0; index < links.length; index += PAGE)
      await this.log.append(
        this.replaying,
        'any',
        links.slice(index, index + PAGE).map((link) => linkEvent(textOf(link.data), {})),
      );
    await this.truncate(this.parked, last.revision + 1n);
    this.ends = { ...this.ends, first: last.revision + 1n };
    return this.resolve(links);
  }

  /** Everything that was handed out again is answered. */
  async replayed(): Promise<void> {
    const { events } = await this.log.readStream(this.replaying, { direction: 'backwards', from: 'end', limit: 1 });
    if (events[0]) await this.truncate(this.replaying, events[0].revision + 1n);
  }

  /** With the group itself. */
  async remove(): Promise<void> {
    for (const stream of [this.parked, this.replaying])
      if ((await this.log.readStream(stream, { direction: 'backwards', from: 'end', limit: 1 })).lastRevision !== null)
        await this.log.deleteStream(stream, 'any');
  }

  private async truncate(stream: string, before: bigint): Promise<void> {
    const metadata = jsonEvent(METADATA, { $tb: Number(before), $acl: ADMINS_ONLY });
    await this.log.append(metadataStream(stream), 'any', [metadata]);
  }

  private async all(stream: string): Promise<NodeEvent[]> {
    const found: NodeEvent[] = [];
    for (let from: bigint | 'start' | null = 'start'; from !== null; ) {
      const page = await this.log.readStream(stream, { direction: 'forwards', from, limit: PAGE });
      found.push(...page.events);
      from = page.next;
    }
    return found;
  }

  private async resolve(links: readonly NodeEvent[]): Promise<Resolved[]> {
    const resolved: Resolved[] = [];
    for (const link of links) {
      const found = await this.log.resolve(link);
      if (found.event) resolved.push(found);
    }
    return resolved;
  }
}

const textOf = (bytes: Uint8Array): string => Buffer.from(bytes).toString('utf8');

/** A link that points nowhere is parked as it is. */
const targetOf = ({ event, link }: Resolved): string =>
  event ? `${event.revision}@${event.stream}` : link ? textOf(link.data) : '';

/** The parked stream itself can be deleted by whoever has the rights; there is nothing left to park in then. */
export const isParkingImpossible = (error: unknown): boolean => isEventStoreError(error, 'stream_deleted');
