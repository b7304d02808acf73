import { ProtoReader } from '../../common/proto/reader.js';
import { readStreamName } from '../../common/proto/stream-name.js';
import type { EventData } from '../../port/index.js';
import type { Expected } from '../log/node-log.js';
import { readUuid } from './proto/uuid.js';

/** What is wrong with a proposed event; the two ways to append say it each in their own words. */
export type Flaw = 'no-type' | 'no-content-type' | 'no-id';

export interface AppendOptions {
  /** Undefined when the request names none. */
  readonly stream: string | undefined;
  readonly expected: Expected | undefined;
  /** Milliseconds since 1970. */
  readonly deadline: number | undefined;
}

/** One message of an Append. */
export type AppendMessage = { readonly options: AppendOptions } | { readonly event: EventData | Flaw } | undefined;

/** One message of a BatchAppend. */
export interface BatchMessage {
  /** A UUID message, as it came: it goes back in the same form. */
  readonly correlation: Buffer;
  readonly options: AppendOptions | undefined;
  readonly events: readonly (EventData | Flaw)[];
  readonly isFinal: boolean;
}

const NO_BYTES: Buffer = Buffer.alloc(0);

export function decodeAppend(bytes: Buffer): AppendMessage {
  const reader = new ProtoReader(bytes);
  let found: AppendMessage;
  for (let tag = reader.tag(); tag !== 0; tag = reader.tag()) {
    if (tag === 0x0a) found = { options: options(reader.message()) };
    else if (tag === 0x12) found = { event: proposed(reader.message()) };
    else reader.skip(tag);
  }
  return found;
}

export function decodeBatchAppend(bytes: Buffer): BatchMessage {
  const reader = new ProtoReader(bytes);
  const events: (EventData | Flaw)[] = [];
  let correlation = NO_BYTES;
  let found: AppendOptions | undefined;
  let isFinal = false;
  for (let tag = reader.tag(); tag !== 0; tag = reader.tag()) {
    if (tag === 0x0a) correlation = reader.blob();
    else if (tag === 0x12) found = options(reader.message());
    else if (tag === 0x1a) events.push(proposed(reader.message()));
    else if (tag === 0x20) isFinal = reader.varint() !== 0;
    else reader.skip(tag);
  }
  return { correlation, options: found, events, isFinal };
}

/** The options of both ways to append have the same numbers as far as they have the same fields. */
function options(reader: ProtoReader): AppendOptions {
  let stream: string | undefined;
  let expected: Expected | undefined;
  let deadline: number | undefined;
  for (let tag = reader.tag(); tag !== 0; tag = reader.tag()) {
    if (tag === 0x0a) stream = readStreamName(reader.message());
    else if (tag === 0x10) expected = BigInt(reader.varint());
    else if (tag === 0x32) deadline = milliseconds(reader.message());
    else if (tag === 0x3a) deadline = Date.now() + milliseconds(reader.message());
    else {
      if (tag === 0x1a) expected = 'no_stream';
      if (tag === 0x22) expected = 'any';
      if (tag === 0x2a) expected = 'stream_exists';
      reader.skip(tag);
    }
  }
  return { stream, expected, deadline };
}

/** Of a Timestamp or a Duration: seconds and nanoseconds. */
function milliseconds(reader: ProtoReader): number {
  let total = 0;
  for (let tag = reader.tag(); tag !== 0; tag = reader.tag()) {
    if (tag === 0x08) total += Number(reader.int64()) * 1_000;
    else if (tag === 0x10) total += Number(reader.int64()) / 1_000_000;
    else reader.skip(tag);
  }
  return total;
}

function proposed(reader: ProtoReader): EventData | Flaw {
  let id: string | undefined;
  let type: string | undefined;
  let contentType: string | undefined;
  let metadata = NO_BYTES;
  let data = NO_BYTES;
  for (let tag = reader.tag(); tag !== 0; tag = reader.tag()) {
    if (tag === 0x0a) id = readUuid(reader.blob());
    else if (tag === 0x12) {
      const [key, value] = entry(reader.message());
      if (key === 'type') type = value;
      else if (key === 'content-type') contentType = value;
    } else if (tag === 0x1a) metadata = reader.blob();
    else if (tag === 0x22) data = reader.blob();
    else reader.skip(tag);
  }
  if (type === undefined) return 'no-type';
  if (contentType === undefined) return 'no-content-type';
  if (id === undefined) return 'no-id';
  const isJson = contentType === 'application/json';
  return { id, type, contentType: isJson ? 'application/json' : 'application/octet-stream', data, metadata };
}

function entry(reader: ProtoReader): [key: string, value: string] {
  let key = '';
  let value = '';
  for (let tag = reader.tag(); tag !== 0; tag = reader.tag()) {
    if (tag === 0x0a) key = reader.text();
    else if (tag === 0x12) value = reader.text();
    else reader.skip(tag);
  }
  return [key, value];
}
