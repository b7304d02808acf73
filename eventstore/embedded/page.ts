import { checksum } from './checksum.js';
import { refusal, thrown } from './refusal.js';
import type { PackedRows } from './wire.js';

/** position, stream, revision, id, type, stamp, data, metadata, checksum */
export type Row = readonly [number, number, number, string, string, number, Uint8Array, Uint8Array, number];

export const COLUMNS = 'e.position, e.stream, e.revision, e.id, e.type, e.stamp, e.data, e.metadata, e.checksum';

/** A page ends here even when it holds fewer events than asked for. */
const PAGE_BYTES = 4 * 1024 * 1024;

/** Gathers the rows of one page, verified, and packs them for the way to the main thread. */
export class PageBuilder {
  private readonly rows: Row[] = [];
  private bytes = 0;

  constructor(private readonly limit: number) {}

  get count(): number {
    return this.rows.length;
  }

  get isFull(): boolean {
    return this.rows.length >= this.limit;
  }

  get last(): Row | undefined {
    return this.rows.at(-1);
  }

  /** False when the row does not fit any more; the first row always does. */
  add(row: Row): boolean {
    const length = row[6].byteLength + row[7].byteLength;
    if (this.isFull || (this.rows.length > 0 && this.bytes + length > PAGE_BYTES)) return false;
    if (checksum(row[4], row[6], row[7]) !== row[8])
      throw thrown(
        refusal('corrupt', `The event at position ${row[0]} is damaged: its bytes do not match their checksum.`, {
          position: row[0],
          revision: row[2],
        }),
      );
    this.rows.push(row);
    this.bytes += length;
    return true;
  }

  pack(nameOf: (stream: number) => string): PackedRows {
    const count = this.rows.length;
    const names: string[] = [];
    const known = new Map<number, number>();
    const packed = {
      ids: '',
      types: new Array<string>(count),
      shapes: new Uint32Array(count * 3),
      bytes: new Uint8Array(this.bytes),
      positions: new Float64Array(count),
      revisions: new Float64Array(count),
      created: new Float64Array(count),
      names,
      streams: new Uint32Array(count),
    };
    let at = 0;
    for (let index = 0; index < count; index += 1) {
      const [position, stream, revision, id, type, stamp, data, metadata] = this.rows[index]!;
      let name = known.get(stream);
      if (name === undefined) {
        name = names.push(nameOf(stream)) - 1;
        known.set(stream, name);
      }
      packed.positions[index] = position;
      packed.revisions[index] = revision;
      packed.streams[index] = name;
      packed.ids += id;
      packed.types[index] = type;
      packed.created[index] = Math.floor(stamp / 2);
      packed.shapes[index * 3] = stamp % 2;
      packed.shapes[index * 3 + 1] = data.byteLength;
      packed.shapes[index * 3 + 2] = metadata.byteLength;
      packed.bytes.set(data, at);
      at += data.byteLength;
      packed.bytes.set(metadata, at);
      at += metadata.byteLength;
    }
    return packed;
  }
}
