import { DatabaseSync } from 'node:sqlite';
import type { EventData } from '#event-store';

/**
 * The yardstick of the event log: the loop somebody would write who wanted nothing but the rows on disk. The same
 * columns, uniqueness of (stream, revision), WAL and `synchronous = FULL`; no threads, no checks, no answers. It
 * commits as much at once as ours does: of many writers one half is committed while the other half is on its way.
 */
export class BareLog {
  private readonly db: DatabaseSync;
  private readonly insert;
  private streams = 0;

  constructor(path: string) {
    this.db = new DatabaseSync(path);
    this.db.exec('PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA cache_size = -32768');
    this.db.exec('PRAGMA wal_autocheckpoint = 4000');
    this.db.exec(`CREATE TABLE events (
      position INTEGER PRIMARY KEY AUTOINCREMENT, stream INTEGER NOT NULL, revision INTEGER NOT NULL,
      id TEXT NOT NULL, type TEXT NOT NULL, data BLOB NOT NULL, metadata BLOB NOT NULL, UNIQUE (stream, revision)
    ) STRICT`);
    this.insert = this.db.prepare(
      'INSERT INTO events (stream, revision, id, type, data, metadata) VALUES (?, ?, ?, ?, ?, ?)',
    );
  }

  append(events: readonly EventData[], writers: number, batch: number): void {
    const first = this.streams;
    this.streams += writers;
    const each = events.length / writers;
    const together = Math.ceil(writers / 2);
    for (let at = 0; at < each; at += batch)
      for (let from = 0; from < writers; from += together) {
        this.db.exec('BEGIN IMMEDIATE');
        for (let writer = from; writer < Math.min(from + together, writers); writer += 1)
          for (let index = at; index < Math.min(at + batch, each); index += 1) {
            const { id, type, data, metadata } = events[writer * each + index]!;
            this.insert.run(first + writer, index, id, type, data, metadata);
          }
        this.db.exec('COMMIT');
      }
  }

  /** Answers how many events were read and parsed. */
  scan(): number {
    const decoder = new TextDecoder();
    let parsed = 0;
    for (const { data } of this.db
      .prepare('SELECT position, stream, revision, id, type, data, metadata FROM events ORDER BY position')
      .iterate())
      if (JSON.parse(decoder.decode(data as Uint8Array))) parsed += 1;
    return parsed;
  }

  close(): void {
    this.db.close();
  }
}
