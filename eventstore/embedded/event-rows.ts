import type { DatabaseSync, StatementSync } from 'node:sqlite';
import { checksum, WIPED_CHECKSUM } from './checksum.js';

/** Every value is replaced by one of its own length: `schema.ts` says why nothing may change its size here. */
const WIPE = `UPDATE events SET wiped = 1, id = '00000000-0000-0000-0000-000000000000',
  type = printf('%.*c', octet_length(type), '-'), data = zeroblob(length(data)), metadata = zeroblob(length(metadata)),
  checksum = ${WIPED_CHECKSUM} WHERE stream = ?`;

export interface EventRow {
  readonly stream: number;
  readonly revision: number;
  readonly id: string;
  readonly type: string;
  readonly stamp: number;
  readonly data: Uint8Array;
  readonly metadata: Uint8Array;
}

export const stampOf = (milliseconds: number, isJson: boolean): number => milliseconds * 2 + (isJson ? 1 : 0);

/** The statements on `events` of the one writer. */
export class EventRows {
  private readonly insertion: StatementSync;
  private readonly between: StatementSync;
  private readonly wiping: StatementSync;
  private readonly last: StatementSync;

  constructor(db: DatabaseSync) {
    const insert = (more: string, value: string): StatementSync =>
      db.prepare(
        `INSERT INTO events (stream, revision, id, type, stamp, data, metadata, checksum${more})
         VALUES (?, ?, ?, ?, ?, ?, ?, ?${value})`,
      );
    this.insertion = insert('', '');
    this.last = insert(', wiped', ', 2');
    this.between = db.prepare(
      'SELECT id, position FROM events WHERE stream = ? AND revision BETWEEN ? AND ? ORDER BY revision',
    );
    this.wiping = db.prepare(WIPE);
  }

  /** Answers its position. */
  insert(row: EventRow): number {
    return run(this.insertion, row);
  }

  /** A deleted stream's last word. */
  insertTombstone(row: EventRow): number {
    return run(this.last, row);
  }

  /** Ids and positions of the events from one revision to another, both included. */
  written(stream: number, from: number, to: number): { id: string; position: number }[] {
    return this.between.all(stream, from, to) as { id: string; position: number }[];
  }

  wipe(stream: number): void {
    this.wiping.run(stream);
  }
}

const run = (statement: StatementSync, { stream, revision, id, type, stamp, data, metadata }: EventRow): number =>
  Number(
    statement.run(stream, revision, id, type, stamp, data, metadata, checksum(type, data, metadata)).lastInsertRowid,
  );
