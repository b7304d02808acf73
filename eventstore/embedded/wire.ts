import { sizeOf } from '../common/arguments.js';
import type { EventData, LogPage, RecordedEvent, StreamPage } from '../port/index.js';

/**
 * Events between threads: columns and one transferred buffer. A structured clone costs per object and per buffer, so a
 * row of small objects would cost more than writing it to disk.
 */
export interface PackedEvents {
  /** 36 characters each. */
  readonly ids: string;
  readonly types: readonly string[];
  /** Three for each event: 1 when JSON, bytes of data, bytes of metadata. */
  readonly shapes: Uint32Array<ArrayBuffer>;
  /** Data and metadata of each event, one after another. */
  readonly bytes: Uint8Array<ArrayBuffer>;
}

export interface PackedRows extends PackedEvents {
  readonly positions: Float64Array<ArrayBuffer>;
  readonly revisions: Float64Array<ArrayBuffer>;
  /** Milliseconds; 0 when it is not known. */
  readonly created: Float64Array<ArrayBuffer>;
  /** Each stream's name once. */
  readonly names: readonly string[];
  /** For each event, which of the names. */
  readonly streams: Uint32Array<ArrayBuffer>;
}

export interface PackedStreamPage {
  readonly rows: PackedRows;
  readonly next: number | null;
  readonly lastRevision: number | null;
  /** First revision that is shown. */
  readonly first: number;
}

export interface PackedLogPage {
  readonly rows: PackedRows;
  /** Backwards the lowest position looked at. */
  readonly scannedTo: number;
  readonly atEnd: boolean;
}

export const ID_LENGTH = 36;

export function packEvents(events: readonly EventData[]): PackedEvents {
  const shapes = new Uint32Array(events.length * 3);
  const types = new Array<string>(events.length);
  let ids = '';
  let total = 0;
  for (const event of events) total += sizeOf(event);
  const bytes = new Uint8Array(total);
  let at = 0;
  for (const [index, event] of events.entries()) {
    ids += event.id;
    types[index] = event.type;
    shapes[index * 3] = event.contentType === 'application/json' ? 1 : 0;
    shapes[index * 3 + 1] = event.data.byteLength;
    shapes[index * 3 + 2] = event.metadata.byteLength;
    bytes.set(event.data, at);
    at += event.data.byteLength;
    bytes.set(event.metadata, at);
    at += event.metadata.byteLength;
  }
  return { ids, types, shapes, bytes };
}

function unpackRows(rows: PackedRows): RecordedEvent[] {
  const count = rows.positions.length;
  const events = new Array<RecordedEvent>(count);
  let at = 0;
  for (let index = 0; index < count; index += 1) {
    const dataEnd = at + rows.shapes[index * 3 + 1]!;
    const metadataEnd = dataEnd + rows.shapes[index * 3 + 2]!;
    events[index] = {
      id: rows.ids.substring(index * ID_LENGTH, (index + 1) * ID_LENGTH),
      type: rows.types[index]!,
      contentType: rows.shapes[index * 3] === 1 ? 'application/json' : 'application/octet-stream',
      data: rows.bytes.subarray(at, dataEnd),
      metadata: rows.bytes.subarray(dataEnd, metadataEnd),
      stream: rows.names[rows.streams[index]!]!,
      revision: BigInt(rows.revisions[index]!),
      position: BigInt(rows.positions[index]!),
    };
    at = metadataEnd;
  }
  return events;
}

export const unpackStreamPage = (page: PackedStreamPage): StreamPage => ({
  events: unpackRows(page.rows),
  next: page.next === null ? null : BigInt(page.next),
  lastRevision: page.lastRevision === null ? null : BigInt(page.lastRevision),
});

export const unpackLogPage = (page: PackedLogPage): LogPage => ({
  events: unpackRows(page.rows),
  scannedTo: BigInt(page.scannedTo),
  atEnd: page.atEnd,
});
