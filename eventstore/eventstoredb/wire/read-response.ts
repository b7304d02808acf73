import { ProtoReader } from '../../common/proto/reader.js';
import type { RecordedEvent } from '../../port/index.js';
import { readRecordedEvent } from './recorded-event.js';

/** An event that was read, with the link that led to it; of a link to what is no more, the link alone. */
export interface ReadEvent {
  readonly event: RecordedEvent | undefined;
  readonly link: RecordedEvent | undefined;
  /** Of a persistent subscription. */
  readonly retries: number;
}

/** One message of a read, a subscription or a consumer of a group, as far as it is looked at. */
export interface ReadMessage {
  readonly read: ReadEvent | undefined;
  readonly lastRevision: bigint | undefined;
  readonly isMissing: boolean;
}

export function decodeReadMessage(bytes: Buffer): ReadMessage {
  const reader = new ProtoReader(bytes);
  let read: ReadEvent | undefined;
  let lastRevision: bigint | undefined;
  let isMissing = false;
  for (let tag = reader.tag(); tag !== 0; tag = reader.tag()) {
    if (tag === 0x0a) read = readEvent(reader.message());
    else if (tag === 0x30) lastRevision = reader.uint64();
    else {
      if (tag === 0x22) isMissing = true;
      reader.skip(tag);
    }
  }
  return { read, lastRevision, isMissing };
}

/** The same in both services but for the retries, of which reads have none. */
function readEvent(reader: ProtoReader): ReadEvent {
  let event: RecordedEvent | undefined;
  let link: RecordedEvent | undefined;
  let retries = 0;
  for (let tag = reader.tag(); tag !== 0; tag = reader.tag()) {
    if (tag === 0x0a) event = readRecordedEvent(reader.message());
    else if (tag === 0x12) link = readRecordedEvent(reader.message());
    else if (tag === 0x28) retries = reader.varint();
    else reader.skip(tag);
  }
  return { event, link, retries };
}
