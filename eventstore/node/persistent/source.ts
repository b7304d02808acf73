import { isEventStoreError } from '../../port/index.js';
import type { NodeEvent, NodeLog, Watch } from '../log/node-log.js';
import { ALL, type GroupSettings, groupId } from './settings.js';

export interface SourcePage {
  readonly events: readonly NodeEvent[];
  /** Where the next page begins. */
  readonly next: bigint;
  readonly atEnd: boolean;
}

/** Where a group's events come from. A place is a revision of its stream, or a position of the log. */
export interface GroupSource {
  /** Inclusive. */
  read(from: bigint, limit: number): Promise<SourcePage>;
  placeOf(event: NodeEvent): bigint;
  /** Where only what is appended from now on comes after. */
  end(): Promise<bigint>;
  /** To be called before a read: what is written after it then ends the next wait. */
  rearm(): void;
  /** Resolves when there may be more than the last read showed, the log is closed or the group ends. */
  more(): Promise<void>;
  /** The newest event's place, as far as known. */
  readonly newest: bigint | undefined;
}

/** `signal`: the group's end. */
export const sourceOf = (log: NodeLog, settings: GroupSettings, signal: AbortSignal): GroupSource =>
  settings.source === ALL ? new AllSource(log, settings, signal) : new StreamSource(log, settings.source, signal);

class StreamSource implements GroupSource {
  newest: bigint | undefined;
  private readonly watch: Watch;

  constructor(
    private readonly log: NodeLog,
    private readonly stream: string,
    signal: AbortSignal,
  ) {
    this.watch = log.watch(stream, signal);
  }

  rearm(): void {
    this.watch.rearm();
  }

  more(): Promise<void> {
    return this.watch.touched();
  }

  async read(from: bigint, limit: number): Promise<SourcePage> {
    try {
      const { events, next, lastRevision } = await this.log.readStream(this.stream, {
        direction: 'forwards',
        from,
        limit,
      });
      this.newest = lastRevision ?? this.newest;
      const last = events.at(-1);
      return { events, next: next ?? (last ? last.revision + 1n : from), atEnd: next === null };
    } catch (error) {
      // The stream is gone for good, and so is whatever the group had to do.
      if (isEventStoreError(error, 'stream_deleted')) return { events: [], next: from, atEnd: true };
      throw error;
    }
  }

  placeOf({ revision }: NodeEvent): bigint {
    return revision;
  }

  async end(): Promise<bigint> {
    const { events } = await this.log.readStream(this.stream, { direction: 'backwards', from: 'end', limit: 1 });
    return events[0]?.revision ?? -1n;
  }
}

class AllSource implements GroupSource {
  newest: bigint | undefined;
  /** What the group itself writes would keep it busy for ever: each checkpoint would be an event to check off. */
  private readonly own: string;
  private seen = 0n;

  constructor(
    private readonly log: NodeLog,
    private readonly settings: GroupSettings,
    private readonly signal: AbortSignal,
  ) {
    this.own = `$persistentsubscription-${groupId(settings)}-`;
  }

  rearm(): void {
    this.seen = this.log.head();
  }

  more(): Promise<void> {
    return this.log.beyond(this.seen, this.signal);
  }

  async read(from: bigint, limit: number): Promise<SourcePage> {
    const page = await this.log.readAll({ direction: 'forwards', from, limit, filter: this.settings.filter });
    this.newest = page.events.at(-1)?.position ?? this.newest;
    const events = page.events.filter(({ stream }) => !stream.replace(/^\$\$/, '').startsWith(this.own));
    return { events, next: page.next, atEnd: page.atEnd };
  }

  placeOf({ position }: NodeEvent): bigint {
    return position;
  }

  async end(): Promise<bigint> {
    return this.log.head();
  }
}
