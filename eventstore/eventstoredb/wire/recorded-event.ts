import shared from '@eventstore/db-client/generated/shared_pb.js';
import type { ProtoReader } from '../../common/proto/reader.js';
import { readStreamName } from '../../common/proto/stream-name.js';
import type { RecordedEvent } from '../../port/index.js';
import { uuidText } from '../records.js';

const NO_BYTES = new Uint8Array(0);
/** Of a UUID message that holds text, as is asked for: its tag, its length, 36 characters. */
const TEXT_UUID = 38;

/** A RecordedEvent of the Streams or of the PersistentSubscriptions service: they have the same fields. */
export function readRecordedEvent(reader: ProtoReader): RecordedEvent {
  let [id, stream, type, contentType] = ['', '', '', ''];
  let [revision, position] = [0n, 0n];
  let data = NO_BYTES;
  let metadata = NO_BYTES;
  for (let tag = reader.tag(); tag !== 0; tag = reader.tag()) {
    if (tag === 0x0a) id = readUuid(reader.blob());
    else if (tag === 0x12) stream = readStreamName(reader.message());
    else if (tag === 0x18) revision = reader.uint64();
    // Commit and prepare differ only for the explicit transactions of the old TCP protocol.
    else if (tag === 0x28) position = reader.uint64();
    else if (tag === 0x32) {
      const { key, value } = readEntry(reader.message());
      if (key === 'type') type = value;
      else if (key === 'content-type') contentType = value;
    } else if (tag === 0x3a) metadata = plain(reader.blob());
    else if (tag === 0x42) data = plain(reader.blob());
    else reader.skip(tag);
  }
  return {
    id,
    type,
    contentType: contentType === 'application/json' ? 'application/json' : 'application/octet-stream',
    data,
    metadata,
    stream,
    revision,
    position,
  };
}

/** A server may answer in the form it was not asked for. */
export function readUuid(message: Buffer): string {
  if (message.length === TEXT_UUID && message[0] === 0x12) return message.toString('latin1', 2);
  return uuidText(shared.UUID.deserializeBinary(message));
}

/** What the port hands out behaves alike on all engines; a Buffer would slice and print otherwise. */
const plain = (bytes: Buffer): Uint8Array<ArrayBuffer> =>
  new Uint8Array(bytes.buffer as ArrayBuffer, bytes.byteOffset, bytes.length);

function readEntry(reader: ProtoReader): { readonly key: string; readonly value: string } {
  let key = '';
  let value = '';
  for (let tag = reader.tag(); tag !== 0; tag = reader.tag()) {
    if (tag === 0x0a) key = reader.text();
    else if (tag === 0x12) value = reader.text();
    else reader.skip(tag);
  }
  return { key, value };
}
