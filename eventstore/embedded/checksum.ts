import { crc32 } from 'node:zlib';

/**
 * Added to every checksum, so that SQLite stores all of them in six bytes: a wiped event's is overwritten by this very
 * number, and only a value of the same length can be overwritten in its place.
 */
export const WIPED_CHECKSUM = 2 ** 40;

/** SQLite notices a broken page structure but not a flipped bit inside a value; this does, for half a microsecond. */
export const checksum = (type: string, data: Uint8Array, metadata: Uint8Array): number =>
  WIPED_CHECKSUM + crc32(metadata, crc32(data, crc32(type)));
