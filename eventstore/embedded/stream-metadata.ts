/** The type of the events in `$$S` that say how much of S is shown. */
export const METADATA_TYPE = '$metadata';

/** What `$tb` is when the stream is soft-deleted: 2^63 − 1, which a JSON number comes nearest to as 2^63. */
const HIDES_ALL = 2 ** 63;
export const HIDING = '{"$tb":9223372036854775807}';

export interface Truncation {
  readonly maxCount?: number;
  readonly maxAgeSeconds?: number;
  /** Revisions below are hidden. */
  readonly before?: number;
  /** Soft-deleted. */
  readonly isHidden: boolean;
}

const isCount = (value: unknown): value is number => typeof value === 'number' && value > 0;

/** Nobody validated it when it was written: what makes no sense hides nothing. */
export function truncationIn(data: Uint8Array): Truncation {
  let said: Record<string, unknown> | null = null;
  try {
    said = JSON.parse(Buffer.from(data.buffer, data.byteOffset, data.byteLength).toString('utf8'));
  } catch {
    // Not JSON: says nothing.
  }
  const maxCount = said?.['$maxCount'];
  const maxAge = said?.['$maxAge'];
  const before = said?.['$tb'];
  return {
    ...(isCount(maxCount) && { maxCount: Math.floor(maxCount) }),
    ...(isCount(maxAge) && { maxAgeSeconds: maxAge }),
    ...(isCount(before) && { before: Math.min(Math.ceil(before), Number.MAX_SAFE_INTEGER) }),
    isHidden: isCount(before) && before >= HIDES_ALL,
  };
}
