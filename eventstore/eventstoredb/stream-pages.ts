import type { RecordedEvent, StreamPage } from '../port/index.js';
import type { Connection } from './connection.js';
import { readMessages } from './read-messages.js';
import { unavailable } from './refusals.js';
import { streamRead } from './requests.js';

/** A page ends here even when it holds fewer events than asked for. */
export const PAGE_BYTES = 4 * 1024 * 1024;
export const READ_MS = 10_000;

interface StreamAsk {
  readonly direction: 'forwards' | 'backwards';
  readonly from: bigint | 'start' | 'end';
  readonly limit: number;
  readonly signal: AbortSignal | undefined;
}

const NOTHING: StreamPage = { events: [], next: null, lastRevision: null };

/** Reads streams in pages. */
export class StreamPages {
  constructor(
    private readonly connection: Connection,
    private readonly readMs = READ_MS,
  ) {}

  async page(stream: string, ask: StreamAsk): Promise<StreamPage> {
    const isForwards = ask.direction === 'forwards';
    // The server does not understand "forwards from the end" and answers UNKNOWN.
    if (isForwards && ask.from === 'end') return this.atEnd(stream, ask.signal);
    const found = await this.read(stream, ask);
    if (!found) return NOTHING;
    const { events, isWhole } = found;
    const last = events.at(-1);
    if (!last) return isForwards ? this.atEnd(stream, ask.signal) : NOTHING;
    if (!isForwards) {
      const first = events[0]!.revision;
      const lastRevision =
        found.lastRevision ?? (ask.from === 'end' ? first : await this.lastRevision(stream, ask.signal));
      return { events, next: last.revision > 0n && !isWhole ? last.revision - 1n : null, lastRevision };
    }
    const lastRevision = found.lastRevision ?? (isWhole ? last.revision : await this.lastRevision(stream, ask.signal));
    const known = lastRevision === null || lastRevision < last.revision ? last.revision : lastRevision;
    return { events, next: last.revision < known ? last.revision + 1n : null, lastRevision: known };
  }

  private async atEnd(stream: string, signal: AbortSignal | undefined): Promise<StreamPage> {
    return { ...NOTHING, lastRevision: await this.lastRevision(stream, signal) };
  }

  private async lastRevision(stream: string, signal: AbortSignal | undefined): Promise<bigint | null> {
    const found = await this.read(stream, { direction: 'backwards', from: 'end', limit: 1, signal });
    return found?.events[0]?.revision ?? null;
  }

  /** Undefined when there is no such stream; `isWhole` when nothing is left in this direction. */
  private async read(
    stream: string,
    { direction, from, limit, signal }: StreamAsk,
  ): Promise<{ events: RecordedEvent[]; isWhole: boolean; lastRevision: bigint | undefined } | undefined> {
    const events: RecordedEvent[] = [];
    let bytes = 0;
    let isCut = false;
    let isMissing = false;
    let lastRevision: bigint | undefined;
    const doing = `a read of stream "${stream}"`;
    const request = streamRead(stream, { direction, from, limit });
    const ended = await readMessages(
      this.connection,
      request,
      { doing, stream, deadlineMs: this.readMs, signal },
      (message) => {
        const event = message.read?.event;
        if (event) {
          const size = event.data.length + event.metadata.length;
          isCut = events.length > 0 && bytes + size > PAGE_BYTES;
          if (isCut) return false;
          events.push(event);
          bytes += size;
        } else {
          lastRevision = message.lastRevision ?? lastRevision;
          isMissing ||= message.isMissing;
        }
        return true;
      },
    );
    if (ended === 'late') throw unavailable(doing, `no answer within ${this.readMs} ms`);
    return isMissing ? undefined : { events, isWhole: !isCut && events.length < limit, lastRevision };
  }
}
