/** What one unit of text can take: \u0000, or three bytes of UTF-8. */
const BYTES_A_UNIT = 6;
const LONGEST_NUMBER = 25;

/** Whether a JSON value takes no more than `limit` bytes. Written out for counting only when it might take more. */
export const jsonFits = (value: unknown, limit: number): boolean =>
  jsonBytesAtMost(value) <= limit || jsonBytes(value) <= limit;

export const jsonBytes = (value: unknown): number => Buffer.byteLength(JSON.stringify(value) ?? '');

/** Never less than {@link jsonBytes}, and a few times cheaper: it makes no text. */
export const jsonBytesAtMost = (value: unknown): number => {
  if (typeof value === 'string') return BYTES_A_UNIT * value.length + 2;
  if (typeof value !== 'object' || value === null) return LONGEST_NUMBER;
  let bytes = 2;
  for (const key in value)
    bytes +=
      (Array.isArray(value) ? 0 : BYTES_A_UNIT * key.length + 3) +
      1 +
      jsonBytesAtMost((value as Record<string, unknown>)[key]);
  return bytes;
};
