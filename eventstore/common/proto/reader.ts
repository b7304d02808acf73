/**
 * Reads protobuf by hand. Appends and reads are the hot path of the node and of the adapter, and the generated classes cost
 * five times what writing the event to disk costs. Bytes are views on the message.
 */
export class ProtoReader {
  constructor(
    private readonly bytes: Buffer,
    private at = 0,
    private readonly end = bytes.length,
  ) {}

  /** The next field's number and wire type as one number; 0 at the end. */
  tag(): number {
    return this.at < this.end ? this.varint() : 0;
  }

  /** Beyond 2^53 its last digits are lost: of what is read by this, nothing comes near. */
  varint(): number {
    let value = 0;
    let factor = 1;
    for (;;) {
      if (this.at >= this.end) throw new RangeError('The message ends inside a number.');
      const byte = this.bytes[this.at]!;
      this.at += 1;
      value += (byte & 0x7f) * factor;
      if (byte < 0x80) return value;
      factor *= 128;
    }
  }

  /** Exact: a tombstone's revision is 2^63-1. */
  uint64(): bigint {
    const from = this.at;
    const value = this.varint();
    if (value <= Number.MAX_SAFE_INTEGER) return BigInt(value);
    this.at = from;
    return BigInt.asUintN(64, this.int64());
  }

  /** As a signed 64-bit number. */
  int64(): bigint {
    let value = 0n;
    for (let shift = 0n; ; shift += 7n) {
      if (this.at >= this.end) throw new RangeError('The message ends inside a number.');
      const byte = this.bytes[this.at]!;
      this.at += 1;
      value |= BigInt(byte & 0x7f) << shift;
      if (byte < 0x80) return BigInt.asIntN(64, value);
    }
  }

  blob(): Buffer {
    const to = this.range();
    const found = this.bytes.subarray(this.at, to);
    this.at = to;
    return found;
  }

  text(): string {
    const to = this.range();
    const found = this.bytes.toString('utf8', this.at, to);
    this.at = to;
    return found;
  }

  message(): ProtoReader {
    const to = this.range();
    const found = new ProtoReader(this.bytes, this.at, to);
    this.at = to;
    return found;
  }

  skip(tag: number): void {
    switch (tag & 7) {
      case 0:
        this.varint();
        return;
      case 1:
        this.at += 8;
        return;
      case 2:
        this.at = this.range();
        return;
      case 5:
        this.at += 4;
        return;
      default:
        throw new RangeError(`Wire type ${tag & 7} is not known.`);
    }
  }

  private range(): number {
    const length = this.varint();
    const to = this.at + length;
    if (to > this.end) throw new RangeError('The message ends inside a field.');
    return to;
  }
}
