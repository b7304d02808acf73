import type { Statements } from '#platform/sqlite/index.js';

/** The database's own clock, in whole milliseconds since 1970. */
const NOW = `CAST(unixepoch('subsec') * 1000 AS INTEGER)`;

export const recordMethods = (statements: Statements) => ({
  /** As text: positions reach beyond what a number holds. */
  loadCheckpoint(name: string): string | undefined {
    const row = statements.get('SELECT CAST(position AS TEXT) AS position FROM checkpoints WHERE name = ?').get(name);
    return row?.['position'] as string | undefined;
  },
  saveCheckpoint(name: string, position: bigint): void {
    statements
      .get(
        `INSERT INTO checkpoints VALUES (?, ?)
         ON CONFLICT DO UPDATE SET position = excluded.position WHERE excluded.position > position`,
      )
      .run(name, position);
  },
  saveLastUse(id: string, at: number): void {
    statements
      .get('INSERT INTO last_use VALUES (?, ?) ON CONFLICT DO UPDATE SET at = excluded.at WHERE excluded.at > at')
      .run(id, at);
  },
  findLastUse(ids: readonly string[]): [string, number][] {
    return statements
      .get('SELECT id, at FROM last_use WHERE id IN (SELECT value FROM json_each(?))')
      .all(JSON.stringify(ids))
      .map((row) => [row['id'] as string, row['at'] as number]);
  },
  noteFailure(name: string, at: number, expires: number): void {
    statements.get('INSERT INTO failures VALUES (?, ?, ?)').run(name, at, expires);
  },
  failuresSince(name: string, after: number): number[] {
    return statements
      .get('SELECT at FROM failures WHERE name = ? AND at > ? ORDER BY at')
      .all(name, after)
      .map((row) => row['at'] as number);
  },
  deleteExpiredFailures(now: number): number {
    return Number(statements.get('DELETE FROM failures WHERE expires <= ?').run(now).changes);
  },
  acquireLease(name: string, holder: string, ttlMs: number): boolean {
    const taken = statements
      .get(
        `INSERT INTO leases VALUES (?, ?, ${NOW} + ?)
         ON CONFLICT DO UPDATE SET holder = excluded.holder, until = excluded.until
         WHERE holder = excluded.holder OR until <= ${NOW}`,
      )
      .run(name, holder, ttlMs);
    return taken.changes > 0;
  },
  releaseLease(name: string, holder: string): void {
    statements.get('DELETE FROM leases WHERE name = ? AND holder = ?').run(name, holder);
  },
});
