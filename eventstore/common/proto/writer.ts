/** Writes protobuf by hand into a buffer of the right size: the sizes are computed first, so nothing is copied twice. */

/** Bytes of a number up to 2^53. */
export function varintSize(value: number): number {
  let size = 1;
  for (let rest = value; rest >= 128; rest = Math.floor(rest / 128)) size += 1;
  return size;
}

/** Answers where it ended. */
export function writeVarint(bytes: Buffer, at: number, value: number): number {
  let rest = value;
  let to = at;
  while (rest >= 0x8000_0000) {
    bytes[to] = (rest % 128) | 0x80;
    rest = Math.floor(rest / 128);
    to += 1;
  }
  while (rest >= 0x80) {
    bytes[to] = (rest & 0x7f) | 0x80;
    rest >>>= 7;
    to += 1;
  }
  bytes[to] = rest;
  return to + 1;
}

export function writeBlob(bytes: Buffer, at: number, tag: number, blob: Uint8Array): number {
  bytes[at] = tag;
  const to = writeVarint(bytes, at + 1, blob.byteLength);
  bytes.set(blob, to);
  return to + blob.byteLength;
}

/** Tag, length and content of a field with a tag of one byte. */
export const blobSize = (length: number): number => 1 + varintSize(length) + length;

/** A field of one byte's tag with this content. */
export function blobField(tag: number, content: Uint8Array): Buffer {
  const field = Buffer.allocUnsafe(blobSize(content.byteLength));
  writeBlob(field, 0, tag, content);
  return field;
}

export function varintField(tag: number, value: number): Buffer {
  const field = Buffer.allocUnsafe(1 + varintSize(value));
  field[0] = tag;
  writeVarint(field, 1, value);
  return field;
}
