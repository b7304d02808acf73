import { blobField, blobSize, varintField, varintSize, writeBlob, writeVarint } from '../../common/proto/writer.js';
import { DELETED_REVISION, type NodeEvent, type Resolved } from '../log/node-log.js';
import { encodeStructured } from './proto/uuid.js';

/** How ids go out. */
export type UuidForm = 'string' | 'structured';

const CACHED = 10_000;
const ID_LENGTH = 36;
const DELETED = Buffer.from([0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0x7f]);
const JSON_TYPE = 'application/json';

/** The parts of events that come again and again, encoded once each. */
class Parts {
  private readonly known = new Map<string, Buffer>();

  constructor(private readonly encode: (text: string) => Buffer) {}

  of(text: string): Buffer {
    const known = this.known.get(text);
    if (known) return known;
    if (this.known.size >= CACHED) this.known.clear();
    const encoded = this.encode(text);
    this.known.set(text, encoded);
    return encoded;
  }
}

const utf8 = (text: string): Buffer => Buffer.from(text, 'utf8');
const entry = (key: string, value: string): Buffer =>
  blobField(0x32, Buffer.concat([blobField(0x0a, utf8(key)), blobField(0x12, utf8(value))]));
const kind = (contentType: string) => (type: string) =>
  Buffer.concat([entry('type', type), entry('content-type', contentType)]);

const streams = new Parts((stream) => blobField(0x12, blobField(0x1a, utf8(stream))));
const jsonTypes = new Parts(kind(JSON_TYPE));
const otherTypes = new Parts(kind('application/octet-stream'));
/** 100-nanosecond ticks as text. Many events are written in one millisecond. */
const moments = new Parts((created) => entry('created', created === '0' ? '0' : `${created}0000`));

interface Measured {
  readonly event: NodeEvent;
  readonly stream: Buffer;
  readonly kind: Buffer;
  readonly created: Buffer;
  readonly id: Buffer | undefined;
  readonly revision: number;
  readonly position: number;
  readonly size: number;
}

function measure(event: NodeEvent, form: UuidForm): Measured {
  const stream = streams.of(event.stream);
  const kind = (event.contentType === JSON_TYPE ? jsonTypes : otherTypes).of(event.type);
  const created = moments.of(`${event.created}`);
  const id = form === 'structured' ? encodeStructured(event.id) : undefined;
  const revision = event.revision === DELETED_REVISION ? -1 : Number(event.revision);
  const position = Number(event.position);
  const size =
    blobSize(id ? id.length : ID_LENGTH + 2) +
    stream.length +
    (1 + (revision < 0 ? DELETED.length : varintSize(revision))) +
    2 * (1 + varintSize(position)) +
    kind.length +
    created.length +
    (event.metadata.length > 0 ? blobSize(event.metadata.length) : 0) +
    (event.data.length > 0 ? blobSize(event.data.length) : 0);
  return { event, stream, kind, created, id, revision, position, size };
}

/** A RecordedEvent as a field with this tag. */
function write(bytes: Buffer, from: number, tag: number, measured: Measured): number {
  const { event, id, revision, position } = measured;
  bytes[from] = tag;
  let at = writeVarint(bytes, from + 1, measured.size);
  if (id) at = writeBlob(bytes, at, 0x0a, id);
  else {
    bytes[at] = 0x0a;
    bytes[at + 1] = ID_LENGTH + 2;
    bytes[at + 2] = 0x12;
    bytes[at + 3] = ID_LENGTH;
    at += 4 + bytes.write(event.id, at + 4, ID_LENGTH, 'latin1');
  }
  bytes.set(measured.stream, at);
  at += measured.stream.length;
  bytes[at] = 0x18;
  if (revision < 0) {
    bytes.set(DELETED, at + 1);
    at += 1 + DELETED.length;
  } else at = writeVarint(bytes, at + 1, revision);
  bytes[at] = 0x20;
  at = writeVarint(bytes, at + 1, position);
  bytes[at] = 0x28;
  at = writeVarint(bytes, at + 1, position);
  bytes.set(measured.kind, at);
  at += measured.kind.length;
  bytes.set(measured.created, at);
  at += measured.created.length;
  if (event.metadata.length > 0) at = writeBlob(bytes, at, 0x3a, event.metadata);
  if (event.data.length > 0) at = writeBlob(bytes, at, 0x42, event.data);
  return at;
}

/**
 * A ReadEvent with its tag: the event, the link that led to it, and the position of whichever was read. To a consumer of
 * a group also how often it was sent before; nothing else is different there.
 */
export function encodeReadEvent({ event, link }: Resolved, form: UuidForm, retries?: number): Buffer {
  const target = event && measure(event, form);
  const source = link && measure(link, form);
  const position = (source ?? target)?.position ?? 0;
  const inner =
    (target ? blobSize(target.size) : 0) +
    (source ? blobSize(source.size) : 0) +
    (1 + varintSize(position)) +
    (retries === undefined ? 0 : 1 + varintSize(retries));
  const bytes = Buffer.allocUnsafe(blobSize(inner));
  bytes[0] = 0x0a;
  let at = writeVarint(bytes, 1, inner);
  if (target) at = write(bytes, at, 0x0a, target);
  if (source) at = write(bytes, at, 0x12, source);
  bytes[at] = 0x18;
  at = writeVarint(bytes, at + 1, position);
  if (retries !== undefined) {
    bytes[at] = 0x28;
    writeVarint(bytes, at + 1, retries);
  }
  return bytes;
}

export const encodeConfirmation = (subscription: string): Buffer =>
  blobField(0x12, blobField(0x0a, utf8(subscription)));

export const encodeCheckpoint = (position: bigint): Buffer =>
  blobField(0x1a, Buffer.concat([varintField(0x08, Number(position)), varintField(0x10, Number(position))]));

export const encodeStreamNotFound = (stream: string): Buffer =>
  blobField(0x22, blobField(0x0a, blobField(0x1a, utf8(stream))));

export const encodeFirstStreamPosition = (revision: bigint): Buffer => varintField(0x28, Number(revision));

export const encodeLastStreamPosition = (revision: bigint): Buffer => varintField(0x30, Number(revision));

export const CAUGHT_UP = Buffer.from([0x42, 0]);
