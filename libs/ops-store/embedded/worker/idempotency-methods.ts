import type { Statements } from '#platform/sqlite/index.js';
import type { AnswerRow, BeginEntry, FinishEntry } from '../../sealed/records.js';

/** `expires` is when the lock of a request under way lapses, or when its answer does. */
export const idempotencyMethods = (statements: Statements) => ({
  /** Undefined: it was free and is `token`'s now. Otherwise what stands. */
  beginIdempotent(entry: BeginEntry): AnswerRow | undefined {
    const standing = statements
      .get('SELECT fingerprint, subject, answer FROM idempotency WHERE id = ? AND expires > ?')
      .get(entry.id, entry.now);
    if (standing) return standing as unknown as AnswerRow;
    statements
      .get('INSERT OR REPLACE INTO idempotency VALUES (?, ?, ?, ?, NULL, NULL)')
      .run(entry.id, entry.fingerprint, entry.token, entry.lockUntil);
    return undefined;
  },
  /** Changes nothing when the lock lapsed and another request has taken it over. */
  finishIdempotent({ id, token, answer, subject, expires }: FinishEntry): void {
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
