import type { DatabaseSync, StatementSync } from 'node:sqlite';
import { NO_STREAM } from '../common/arguments.js';

/** What `streams.deleted` says. */
export const LIVE = 0;
export const DELETED = 1;
/** Soft-deleted: readers find no stream, the next event makes it again. */
export const HIDDEN = 2;

export interface Tail {
  /** Row of the stream; null before its first event. */
  id: number | null;
  last: number;
  state: number;
}

const CACHED = 20_000;
const METADATA_OF = '$$';

export const metadataStream = (stream: string): string => METADATA_OF + stream;

/** The stream whose metadata this one holds, if it does. */
export const describedBy = (stream: string): string | undefined =>
  stream.startsWith(METADATA_OF) ? stream.slice(METADATA_OF.length) : undefined;

/** Ends of the streams written last, so that a busy stream is not looked up for each append. */
export class Tails {
  private readonly known = new Map<string, Tail>();
  private readonly stream: StatementSync;
  private readonly last: StatementSync;
  private readonly create: StatementSync;
  private readonly change: StatementSync;

  constructor(db: DatabaseSync) {
    this.stream = db.prepare('SELECT id, deleted FROM streams WHERE name = ?');
    this.last = db.prepare('SELECT max(revision) AS last FROM events WHERE stream = ?');
    this.create = db.prepare('INSERT INTO streams (name, deleted) VALUES (?, ?)');
    this.change = db.prepare('UPDATE streams SET deleted = ? WHERE id = ?');
  }

  /** Whether an append to it needs no row of its own in `streams`. */
  isBusy(name: string): boolean {
    const tail = this.known.get(name);
    return tail !== undefined && tail.id !== null && tail.state === LIVE;
  }

  of(name: string): Tail {
    const known = this.known.get(name);
    if (known) return known;
    const row = this.stream.get(name);
    const tail: Tail = row
      ? {
          id: Number(row['id']),
          last: Number(this.last.get(Number(row['id']))?.['last'] ?? NO_STREAM),
          state: Number(row['deleted']),
        }
      : { id: null, last: NO_STREAM, state: LIVE };
    const described = describedBy(name);
    // A deleted stream takes its metadata with it.
    if (described !== undefined && this.of(described).state === DELETED) tail.state = DELETED;
    if (this.known.size >= CACHED) this.known.delete(this.known.keys().next().value ?? '');
    this.known.set(name, tail);
    return tail;
  }

  make(name: string, tail: Tail): number {
    tail.id ??= Number(this.create.run(name, tail.state).lastInsertRowid);
    return tail.id;
  }

  /** A stream that is not there has no state to keep. */
  mark(tail: Tail, state: number): void {
    if (tail.state === state || tail.id === null) return;
    this.change.run(state, tail.id);
    tail.state = state;
  }

  forget(name: string): void {
    this.known.delete(name);
    this.known.delete(metadataStream(name));
  }

  clear(): void {
    this.known.clear();
  }
}
