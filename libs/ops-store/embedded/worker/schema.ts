import type { DatabaseSync } from 'node:sqlite';
import { inTransaction } from '#platform/sqlite/index.js';

const VERSION = 3;

/**
 * Rows of `data_keys` are never deleted, only emptied: that a key was destroyed must be known for ever. (It also keeps
 * SQLite from merging pages there, which leaves copies of rows in unused parts of pages, `secure_delete` or not: seen for
 * 2 of 10,000 deleted rows, for none of 290,000 emptied ones.)
 */
const TABLES = `
  CREATE TABLE facts (name TEXT PRIMARY KEY, value BLOB NOT NULL) STRICT, WITHOUT ROWID;
  CREATE TABLE data_keys (subject TEXT PRIMARY KEY, wrapped BLOB) STRICT, WITHOUT ROWID;
  CREATE TABLE salts (name TEXT PRIMARY KEY, wrapped BLOB NOT NULL) STRICT, WITHOUT ROWID;
  CREATE TABLE checkpoints (name TEXT PRIMARY KEY, position INTEGER NOT NULL) STRICT, WITHOUT ROWID;
  CREATE TABLE last_use (id TEXT PRIMARY KEY, at INTEGER NOT NULL) STRICT, WITHOUT ROWID;
  CREATE TABLE leases (name TEXT PRIMARY KEY, holder TEXT NOT NULL, until INTEGER NOT NULL) STRICT, WITHOUT ROWID;
  CREATE TABLE idempotency (
    id TEXT PRIMARY KEY, fingerprint TEXT NOT NULL, token TEXT NOT NULL, expires INTEGER NOT NULL,
    subject TEXT, answer BLOB
  ) STRICT, WITHOUT ROWID;
  CREATE INDEX idempotency_by_expiry ON idempotency (expires);
  CREATE INDEX idempotency_by_subject ON idempotency (subject) WHERE subject IS NOT NULL;
  CREATE TABLE deliveries (
    id TEXT PRIMARY KEY, orgId TEXT NOT NULL, kind TEXT NOT NULL, subject TEXT NOT NULL, refs TEXT NOT NULL,
    state TEXT NOT NULL, attempts INTEGER NOT NULL, nextAttemptAt INTEGER NOT NULL, createdAt INTEGER NOT NULL,
    sentAt INTEGER, lastError TEXT
  ) STRICT, WITHOUT ROWID;
  CREATE INDEX deliveries_due ON deliveries (nextAttemptAt) WHERE state = 'pending';
  CREATE INDEX deliveries_by_organization ON deliveries (orgId, createdAt, id);
  CREATE INDEX deliveries_by_subject ON deliveries (subject);
`;

/** What version 2 added: deliveries that queue for a target. */
const QUEUES = `
  ALTER TABLE deliveries ADD COLUMN target TEXT;
  ALTER TABLE deliveries ADD COLUMN lane TEXT;
  ALTER TABLE deliveries ADD COLUMN place TEXT;
  CREATE INDEX deliveries_by_target ON deliveries (target, createdAt, id) WHERE target IS NOT NULL;
  CREATE INDEX deliveries_due_by_target ON deliveries (target, nextAttemptAt)
    WHERE state = 'pending' AND target IS NOT NULL;
  CREATE INDEX deliveries_in_lane ON deliveries (lane, place, id) WHERE state = 'pending' AND lane IS NOT NULL;
`;

/** What version 3 added: failed tries, whoever's process they came to. */
const FAILURES = `
  CREATE TABLE failures (name TEXT NOT NULL, at INTEGER NOT NULL, expires INTEGER NOT NULL) STRICT;
  CREATE INDEX failures_by_name ON failures (name, at);
  CREATE INDEX failures_by_expiry ON failures (expires);
`;

export const prepareSchema = (database: DatabaseSync): void =>
  inTransaction(database, () => {
    const { user_version: found } = database.prepare('PRAGMA user_version').get() as { user_version: number };
    if (found === VERSION) return;
    if (found > VERSION)
      throw new Error(`ops.db is of version ${found}; this version of Verbatim knows ${VERSION} and those before it.`);
    if (found < 1) database.exec(TABLES);
    if (found < 2) database.exec(QUEUES);
    database.exec(FAILURES);
    database.exec(`PRAGMA user_version = ${VERSION}`);
  });
