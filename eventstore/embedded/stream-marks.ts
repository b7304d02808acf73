import { randomUUID } from 'node:crypto';
import { type EventRows, stampOf } from './event-rows.js';
import { HIDING, METADATA_TYPE, truncationIn } from './stream-metadata.js';
import { describedBy, HIDDEN, LIVE, metadataStream, type Tail, type Tails } from './tails.js';

const encoder = new TextEncoder();
const NO_BYTES = new Uint8Array(0);

/** Keeps `streams.deleted` in step with what `$metadata` says, so that the next append need not read and parse it. */
export class StreamMarks {
  constructor(
    private readonly rows: EventRows,
    private readonly tails: Tails,
  ) {}

  /** An event was written to a `$` stream: it may hide another stream, or show it again. */
  noticeMetadata(name: string, type: string, data: Uint8Array): void {
    const described = describedBy(name);
    if (described === undefined || type !== METADATA_TYPE) return;
    this.tails.mark(this.tails.of(described), truncationIn(data).isHidden ? HIDDEN : LIVE);
  }

  hide(name: string, tail: Tail, now: number): number {
    const position = this.describe(name, HIDING, now);
    this.tails.mark(tail, HIDDEN);
    return position;
  }

  /** The stream has a new first event: what is before it stays hidden. */
  makeAgain(name: string, tail: Tail, first: number, now: number): number {
    const position = this.describe(name, `{"$tb":${first}}`, now);
    this.tails.mark(tail, LIVE);
    return position;
  }

  private describe(name: string, json: string, now: number): number {
    const metadata = metadataStream(name);
    const tail = this.tails.of(metadata);
    const position = this.rows.insert({
      stream: this.tails.make(metadata, tail),
      revision: tail.last + 1,
      id: randomUUID(),
      type: METADATA_TYPE,
      stamp: stampOf(now, true),
      data: encoder.encode(json),
      metadata: NO_BYTES,
    });
    tail.last += 1;
    return position;
  }
}
