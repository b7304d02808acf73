import type { Committed } from '../../embedded/commit-queue.js';
import type { NodeEvent } from './node-log.js';

const MOST_EVENTS = 2_048;
const MOST_BYTES = 4 * 1024 * 1024;

/**
 * The newest events of the log without a gap between them, as they were written: whoever follows the log live gets them
 * from here, since to have each read by another thread costs more than writing it did.
 */
export class NewestEvents {
  private events: NodeEvent[] = [];
  private bytes = 0;

  /** What is not the next in the log begins a new row: something stands in between that was not seen here. */
  add({ stream, events, revision, position, created }: Committed): void {
    const before = position - events.length;
    if (this.newest !== before) this.clear();
    for (const [index, event] of events.entries()) {
      this.events.push({
        ...event,
        // Copies: what came in is a view on all that came in with it.
        data: Buffer.from(event.data),
        metadata: Buffer.from(event.metadata),
        stream,
        revision: BigInt(revision - events.length + 1 + index),
        position: BigInt(before + 1 + index),
        created,
      });
      this.bytes += sizeOf(event);
    }
    if (this.events.length > MOST_EVENTS || this.bytes > MOST_BYTES) this.dropOlderHalf();
  }

  clear(): void {
    this.events = [];
    this.bytes = 0;
  }

  /** From this position on; empty when it is not among them. */
  from(position: number, limit: number): readonly NodeEvent[] {
    const [first] = this.events;
    const at = first ? position - Number(first.position) : -1;
    return at < 0 ? [] : this.events.slice(at, at + limit);
  }

  private get newest(): number {
    return Number(this.events.at(-1)?.position ?? -1);
  }

  private dropOlderHalf(): void {
    const dropped = this.events.splice(0, Math.ceil(this.events.length / 2));
    for (const event of dropped) this.bytes -= sizeOf(event);
  }
}

const sizeOf = ({ data, metadata }: Pick<NodeEvent, 'data' | 'metadata'>): number =>
  data.byteLength + metadata.byteLength;
