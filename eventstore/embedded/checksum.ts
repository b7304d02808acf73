import { crc32 } from 'node:zlib';

/**
 * Added to every checksum, so that SQLite stores all of them in six bytes: a wiped event's is overwritten by this very
 * number, and only a value of the same length can be overwritten in its place.
 */
export const WIPED_CHECKSUM = 2 ** 40;

const TYPES = new Map<string, number>();

/** Types are few and come again, and a checksum of a text costs more than looking it up. */
function ofType(type: string): number {
  const known = TYPES.get(type);
  if (known !== undefined) return known;
  if (TYPES.size >= 1_000) TYPES.clear();
  const computed = crc32(type);
  TYPES.set(type, computed);
  return computed;
}

/** SQLite notices a broken page structure but not a flipped bit inside a value; this does, for half a microsecond. */
export const checksum = (type: string, data: Uint8Array, metadata: Uint8Array): number =>
  WIPED_CHECKSUM + crc32(metadata, crc32(data, ofType(type)));
