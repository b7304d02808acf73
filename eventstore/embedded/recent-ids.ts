import type { DatabaseSync } from 'node:sqlite';

const KEPT = 50_000;
/** Of the events from before the log was opened. */
const LOOKED_UP = 10_000;

interface Place {
  readonly stream: number;
  readonly revision: number;
}

/**
 * Where the newest events went, by id: how a repeat is recognised that names no revision. Only a hint: whoever asks
 * compares with the log. Whoever never asks pays nothing, the port's appends all name theirs.
 */
export class RecentIds {
  private places: Map<string, Place> | undefined;

  constructor(private readonly db: DatabaseSync) {}

  find(id: string, stream: number): number | undefined {
    this.places ??= this.newest();
    const place = this.places.get(id);
    return place?.stream === stream ? place.revision : undefined;
  }

  note(id: string, stream: number, revision: number): void {
    if (!this.places) return;
    if (this.places.size >= KEPT) this.places.delete(this.places.keys().next().value ?? '');
    this.places.set(id, { stream, revision });
  }

  private newest(): Map<string, Place> {
    const rows = this.db
      .prepare('SELECT id, stream, revision FROM events WHERE wiped = 0 ORDER BY position DESC LIMIT ?')
      .all(LOOKED_UP);
    return new Map(
      rows
        .reverse()
        .map((row) => [String(row['id']), { stream: Number(row['stream']), revision: Number(row['revision']) }]),
    );
  }
}
