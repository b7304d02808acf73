import { crc32 } from 'node:zlib';

/** SQLite notices a broken page structure but not a flipped bit inside a value; this does, for half a microsecond. */
export const checksum = (type: string, data: Uint8Array, metadata: Uint8Array): number =>
  crc32(metadata, crc32(data, crc32(type)));
