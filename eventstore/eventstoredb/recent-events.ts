import type { LogFilter, LogPage, RecordedEvent } from '../port/index.js';
import { matches } from './log-pages.js';

const LARGEST_COUNT = 8_192;
const LARGEST_BYTES = 16 * 1024 * 1024;

/** The newest part of the log without a gap, so that live subscribers of one process share one subscription. */
export class RecentEvents {
  private events: RecordedEvent[] = [];
  private bytes = 0;
  private begin: bigint;
  private end: bigint;

  constructor(
    began: bigint,
    private readonly isDeleted: (stream: string) => boolean,
  ) {
    this.begin = began;
    this.end = began;
  }

  /** In the log's order. */
  add(event: RecordedEvent): void {
    this.events.push(event);
    this.bytes += event.data.length + event.metadata.length;
    this.advance(event.position);
    if (this.events.length > LARGEST_COUNT || this.bytes > LARGEST_BYTES) this.forgetHalf();
  }

  /** Everything up to here was seen. */
  advance(position: bigint): void {
    if (position > this.end) this.end = position;
  }

  /** Undefined when this place is further back than what is kept. */
  page(after: bigint, limit: number, filter: LogFilter | undefined): LogPage | undefined {
    if (after < this.begin) return undefined;
    const events: RecordedEvent[] = [];
    for (let index = this.indexAfter(after); index < this.events.length; index += 1) {
      const event = this.events[index]!;
      if (!matches(event, filter) || this.isDeleted(event.stream)) continue;
      if (events.length === limit) return { events, scannedTo: events.at(-1)!.position, atEnd: false };
      events.push(event);
    }
    return { events, scannedTo: after > this.end ? after : this.end, atEnd: true };
  }

  /** The `count` events that end at this position, if all of them are here and are the ones meant. */
  upTo(
    position: bigint,
    count: number,
    isMeant: (event: RecordedEvent, index: number) => boolean,
  ): readonly RecordedEvent[] | undefined {
    const end = this.indexAfter(position);
    if (end < count) return undefined;
    const found = this.events.slice(end - count, end);
    return found.at(-1)?.position === position && found.every(isMeant) ? found : undefined;
  }

  private forgetHalf(): void {
    const kept = this.events.slice(Math.ceil(this.events.length / 2));
    this.begin = this.events[this.events.length - kept.length - 1]!.position;
    this.events = kept;
    this.bytes = kept.reduce((sum, { data, metadata }) => sum + data.length + metadata.length, 0);
  }

  private indexAfter(position: bigint): number {
    let [low, high] = [0, this.events.length];
    while (low < high) {
      const middle = (low + high) >>> 1;
      if (this.events[middle]!.position <= position) low = middle + 1;
      else high = middle;
    }
    return low;
  }
}
