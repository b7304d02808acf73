import type { Statements } from '#platform/sqlite/index.js';

export interface IdempotencyRow {
  readonly fingerprint: string;
  readonly subject: string | null;
  /** Null while the request is being worked on. */
  readonly answer: Uint8Array | null;
}

export interface BeginEntry {
  readonly id: string;
  readonly fingerprint: string;
  readonly token: string;
  readonly now: number;
  readonly lockUntil: number;
}

/** `expires` is when the lock of a request under way lapses, or when its answer does. */
export const idempotencyMethods = (statements: Statements) => ({
  /** Undefined: it was free and is `token`'s now. Otherwise what stands. */
  beginIdempotent(entry: BeginEntry): IdempotencyRow | undefined {
    const standing = statements
      .get('SELECT fingerprint, subject, answer FROM idempotency WHERE id = ? AND expires > ?')
      .get(entry.id, entry.now);
    if (standing) return standing as unknown as IdempotencyRow;
    statements
      .get('INSERT OR REPLACE INTO idempotency VALUES (?, ?, ?, ?, NULL, NULL)')
      .run(entry.id, entry.fingerprint, entry.token, entry.lockUntil);
    return undefined;
  },
  /** Changes nothing when the lock lapsed and another request has taken it over. */
  finishIdempotent(id: string, token: string, answer: Uint8Array, subject: string | null, expires: number): void {
    statements
      .get('UPDATE idempotency SET answer = ?, subject = ?, expires = ? WHERE id = ? AND token = ? AND answer IS NULL')
      .run(answer, subject, expires, id, token);
  },
  abandonIdempotent(id: string, token: string): void {
    statements.get('DELETE FROM idempotency WHERE id = ? AND token = ? AND answer IS NULL').run(id, token);
  },
  deleteIdempotentFor(subject: string): void {
    statements.get('DELETE FROM idempotency WHERE subject = ?').run(subject);
  },
  deleteExpiredIdempotent(now: number): number {
    return Number(statements.get('DELETE FROM idempotency WHERE expires <= ?').run(now).changes);
  },
});
