import { randomUUID } from 'node:crypto';
import { NO_STREAM } from '../common/arguments.js';
import { type EventRows, stampOf } from './event-rows.js';
import { ANY, EXISTS, TOMBSTONE_REVISION, type WriterQuestion } from './messages.js';
import { isDeleted, wrongRevision } from './placing.js';
import type { Refusal } from './refusal.js';
import type { StreamMarks } from './stream-marks.js';
import { DELETED, describedBy, HIDDEN, LIVE, metadataStream, type Tail, type Tails } from './tails.js';

const NO_BYTES = new Uint8Array(0);
const TOMBSTONE_TYPE = '$streamDeleted';

export type DeleteQuestion = Extract<WriterQuestion, { kind: 'delete' }>;

/** Both ways to delete a stream, inside the writer's transaction. They answer the position of what they wrote. */
export class Deleting {
  constructor(
    private readonly rows: EventRows,
    private readonly tails: Tails,
    private readonly marks: StreamMarks,
  ) {}

  /** For good: overwrites the events, those of its metadata too, and keeps the name taken. */
  delete({ stream: name, expected, again }: DeleteQuestion, record: 'recorded' | 'unrecorded'): Refusal | number {
    const tail = this.tails.of(name);
    if (tail.state === DELETED) return again === 'allowed' ? 0 : isDeleted(name);
    const refused = refusalOf(name, tail, expected);
    if (refused) return refused;
    if (tail.id !== null) this.rows.wipe(tail.id);
    const stream = this.tails.make(name, tail);
    this.tails.mark(tail, DELETED);
    const metadata = this.tails.of(metadataStream(name));
    if (metadata.id !== null) {
      this.rows.wipe(metadata.id);
      this.tails.mark(metadata, DELETED);
    }
    const described = describedBy(name);
    // What hid it is gone for good.
    if (described !== undefined) this.tails.mark(this.tails.of(described), LIVE);
    this.tails.forget(name);
    return record === 'recorded' ? this.entomb(stream) : 0;
  }

  /** Until its next event: reads find no stream. */
  hide(name: string, expected: number): Refusal | number {
    const tail = this.tails.of(name);
    if (tail.state === DELETED) return isDeleted(name);
    if (tail.last === NO_STREAM) return wrongRevision(name, expected, tail.last);
    const refused = refusalOf(name, tail, expected);
    if (refused) return refused;
    const metadata = metadataStream(name);
    // There is nowhere left to write down that it is hidden.
    if (this.tails.of(metadata).state === DELETED) return isDeleted(metadata);
    return this.marks.hide(name, tail, Date.now());
  }

  /** The one record of it that the protocol still shows. */
  private entomb(stream: number): number {
    return this.rows.insertTombstone({
      stream,
      revision: TOMBSTONE_REVISION,
      id: randomUUID(),
      type: TOMBSTONE_TYPE,
      stamp: stampOf(Date.now(), false),
      data: NO_BYTES,
      metadata: NO_BYTES,
    });
  }
}

function refusalOf(name: string, tail: Tail, expected: number): Refusal | undefined {
  if (expected === EXISTS && tail.state === HIDDEN) return isDeleted(name);
  const isWrong = expected === EXISTS ? tail.last === NO_STREAM : expected !== ANY && expected !== tail.last;
  return isWrong ? wrongRevision(name, expected, tail.last) : undefined;
}
