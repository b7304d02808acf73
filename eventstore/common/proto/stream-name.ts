import type { ProtoReader } from './reader.js';

/** Of a StreamIdentifier message. */
export function readStreamName(reader: ProtoReader): string {
  let name = '';
  for (let tag = reader.tag(); tag !== 0; tag = reader.tag()) {
    if (tag === 0x1a) name = reader.text();
    else reader.skip(tag);
  }
  return name;
}
