import { blobSize, varintSize, writeBlob, writeVarint } from '../../common/proto/writer.js';
import type { EventData, ExpectedRevision } from '../../port/index.js';

const UUID_LENGTH = 36;
/** A UUID message that holds text, with its own tag and length. */
const UUID_SIZE = blobSize(blobSize(UUID_LENGTH));

export interface AppendRequest {
  readonly stream: string;
  readonly expected: ExpectedRevision;
  readonly events: readonly EventData[];
}

interface Measured {
  readonly event: EventData;
  readonly type: Buffer;
  readonly contentType: Buffer;
  readonly size: number;
}

/** A BatchAppendReq that is whole: an append in one message. `deadline` is in milliseconds since 1970. */
export function encodeAppend(
  correlation: string,
  { stream, expected, events }: AppendRequest,
  deadline: number,
): Buffer {
  const name = Buffer.from(stream);
  const seconds = Math.ceil(deadline / 1_000);
  const revision = expected === 'no_stream' ? undefined : Number(expected);
  const options =
    blobSize(blobSize(name.length)) +
    (revision === undefined ? blobSize(0) : 1 + varintSize(revision)) +
    blobSize(1 + varintSize(seconds));
  const measured = events.map(measure);
  const size = UUID_SIZE + blobSize(options) + measured.reduce((sum, one) => sum + blobSize(one.size), 0) + 2;
  const bytes = Buffer.allocUnsafe(size);
  let at = writeUuid(bytes, 0, correlation);
  at = writeNumber(bytes, at, 0x12, options);
  at = writeNumber(bytes, at, 0x0a, blobSize(name.length));
  at = writeBlob(bytes, at, 0x1a, name);
  at = revision === undefined ? writeNumber(bytes, at, 0x1a, 0) : writeNumber(bytes, at, 0x10, revision);
  at = writeNumber(bytes, at, 0x32, 1 + varintSize(seconds));
  at = writeNumber(bytes, at, 0x08, seconds);
  for (const one of measured) at = writeEvent(bytes, at, one);
  writeNumber(bytes, at, 0x20, 1);
  return bytes;
}

function measure(event: EventData): Measured {
  const type = TYPE.of(event.type);
  const contentType = CONTENT_TYPE.of(event.contentType);
  const { data, metadata } = event;
  const bytes = (metadata.length > 0 ? blobSize(metadata.length) : 0) + (data.length > 0 ? blobSize(data.length) : 0);
  return { event, type, contentType, size: UUID_SIZE + type.length + contentType.length + bytes };
}

function writeEvent(bytes: Buffer, from: number, { event, type, contentType, size }: Measured): number {
  let at = writeNumber(bytes, from, 0x1a, size);
  at = writeUuid(bytes, at, event.id);
  bytes.set(type, at);
  at += type.length;
  bytes.set(contentType, at);
  at += contentType.length;
  if (event.metadata.length > 0) at = writeBlob(bytes, at, 0x1a, event.metadata);
  if (event.data.length > 0) at = writeBlob(bytes, at, 0x22, event.data);
  return at;
}

function writeUuid(bytes: Buffer, from: number, uuid: string): number {
  const at = writeNumber(bytes, from, 0x0a, blobSize(UUID_LENGTH));
  const to = writeNumber(bytes, at, 0x12, UUID_LENGTH);
  return to + bytes.write(uuid, to, UUID_LENGTH, 'latin1');
}

function writeNumber(bytes: Buffer, at: number, tag: number, value: number): number {
  bytes[at] = tag;
  return writeVarint(bytes, at + 1, value);
}

/** Entries of an event's metadata map: few of them, which come again and again. */
class Entries {
  private readonly known = new Map<string, Buffer>();

  constructor(private readonly key: string) {}

  of(value: string): Buffer {
    const known = this.known.get(value);
    if (known) return known;
    if (this.known.size >= MOST_KNOWN) this.known.clear();
    const [key, text] = [Buffer.from(this.key), Buffer.from(value)];
    const length = blobSize(key.length) + blobSize(text.length);
    const entry = Buffer.alloc(blobSize(length));
    writeBlob(entry, writeBlob(entry, writeNumber(entry, 0, 0x12, length), 0x0a, key), 0x12, text);
    this.known.set(value, entry);
    return entry;
  }
}

const MOST_KNOWN = 1_000;
const TYPE = new Entries('type');
const CONTENT_TYPE = new Entries('content-type');
