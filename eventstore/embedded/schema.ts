import { statSync } from 'node:fs';
import { DatabaseSync } from 'node:sqlite';
import { EventStoreError } from '../port/index.js';
import { storageRefusal, thrown } from './refusal.js';

const APPLICATION_ID = 0x5642_4c31; // 'VBL1'
const SCHEMA_VERSION = 2;
/** Up to here the whole file is checked on opening (well under a second); beyond it every read checks what it touches. */
const QUICK_CHECK_BYTES = 256 * 1024 * 1024;
const BUSY_TIMEOUT_MS = 5_000;

/**
 * AUTOINCREMENT is load-bearing: without it SQLite may hand out a row id again, and a position would mean two things.
 *
 * Rows of `events` are never deleted. When SQLite deletes rows it moves their neighbours between pages and leaves old
 * copies of them in the unused part of a page, `secure_delete` or not: of 1,600 deleted streams, 260 could still be
 * read in the file later. So the events of a deleted stream are overwritten where they stand, byte for byte at the same
 * length, which moves nothing: `wiped` says so (2: the one `$streamDeleted` that the protocol shows of it). The stream's
 * row in `streams` stays too and holds the name: `deleted` is 1, or 2 for a stream that is only hidden until its next
 * event.
 *
 * `stamp` is twice the millisecond of writing, plus one for JSON. Version 1 had that one bit alone, under the name of
 * `json`: a column added for the time would make the rows from before it longer when they are overwritten, and move them.
 */
const SCHEMA = [
  `CREATE TABLE events (
    position INTEGER PRIMARY KEY AUTOINCREMENT,
    stream INTEGER NOT NULL,
    revision INTEGER NOT NULL,
    id TEXT NOT NULL,
    type TEXT NOT NULL,
    stamp INTEGER NOT NULL,
    data BLOB NOT NULL,
    metadata BLOB NOT NULL,
    checksum INTEGER NOT NULL,
    wiped INTEGER NOT NULL DEFAULT 0
  ) STRICT`,
  'CREATE UNIQUE INDEX events_by_stream ON events (stream, revision)',
  `CREATE TABLE streams (
    id INTEGER PRIMARY KEY,
    name TEXT NOT NULL UNIQUE,
    deleted INTEGER NOT NULL DEFAULT 0
  ) STRICT`,
];
const SCHEMA_1 = SCHEMA.map((sql) => sql.replace('stamp INTEGER', 'json INTEGER'));

export interface WriterOptions {
  /** Path of the log; undefined: in memory. */
  readonly path: string | undefined;
  readonly maxPageCount: number | undefined;
}

const number = (db: DatabaseSync, sql: string): number => Number(Object.values(db.prepare(sql).get() ?? {})[0] ?? 0);
const size = (path: string): number => statSync(path, { throwIfNoEntry: false })?.size ?? 0;
const corrupt = (message: string, details: Record<string, string | number> = {}): EventStoreError =>
  new EventStoreError('corrupt', message, details);

/**
 * Opens the log for its one writer, makes it when there is none, and refuses a file that is damaged, of another
 * program or of another version. Nothing is ever repaired here.
 */
export function openForWriting({ path, maxPageCount }: WriterOptions): DatabaseSync {
  // SQLite would quietly start a new log here and drop the WAL that still holds acknowledged events.
  if (path !== undefined && size(path) === 0 && size(`${path}-wal`) > 0)
    throw corrupt(`${path} is missing or empty, but its write-ahead log holds events: restore the file.`);
  const isNew = path === undefined || size(path) === 0;
  try {
    const db = new DatabaseSync(path ?? ':memory:', { timeout: BUSY_TIMEOUT_MS, enableForeignKeyConstraints: false });
    try {
      if (!isNew) identify(db, path);
      db.exec('PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA secure_delete = ON');
      db.exec('PRAGMA cache_size = -32768; PRAGMA journal_size_limit = 67108864; PRAGMA wal_autocheckpoint = 4000');
      if (number(db, 'SELECT count(*) FROM sqlite_schema') === 0) create(db);
      else if (versionOf(db) === 1) bringUpToDate(db, path);
      check(db, path, SCHEMA);
      if (maxPageCount !== undefined) limitPages(db, maxPageCount);
      return db;
    } catch (error) {
      db.close();
      throw error;
    }
  } catch (error) {
    if (error instanceof EventStoreError) throw error;
    throw thrown(storageRefusal(error, `opening ${path ?? 'a log in memory'}`), error);
  }
}

export function openForReading(path: string): DatabaseSync {
  const db = new DatabaseSync(path, { readOnly: true, timeout: BUSY_TIMEOUT_MS });
  db.exec('PRAGMA cache_size = -16384');
  return db;
}

/** SQLite never goes below the present size; the answer is what holds now. */
export const limitPages = (db: DatabaseSync, pages: number): number => number(db, `PRAGMA max_page_count = ${pages}`);

/** Newest position given out. */
export const headOf = (db: DatabaseSync): number =>
  number(db, "SELECT max(seq) FROM sqlite_sequence WHERE name = 'events'");

function create(db: DatabaseSync): void {
  // One transaction, the two marks included: a crash leaves an empty file or a whole schema.
  db.exec(`BEGIN IMMEDIATE; PRAGMA application_id = ${APPLICATION_ID}; PRAGMA user_version = ${SCHEMA_VERSION};
    ${SCHEMA.join(';')}; COMMIT`);
}

const versionOf = (db: DatabaseSync): number => number(db, 'PRAGMA user_version');

function bringUpToDate(db: DatabaseSync, path: string | undefined): void {
  check(db, path, SCHEMA_1);
  db.exec(`BEGIN IMMEDIATE; ALTER TABLE events RENAME COLUMN json TO stamp;
    PRAGMA user_version = ${SCHEMA_VERSION}; COMMIT`);
}

/** Before anything is written to it: is this a log of ours, in a version this program knows? */
function identify(db: DatabaseSync, path: string): void {
  const application = number(db, 'PRAGMA application_id');
  const version = versionOf(db);
  const isEmpty = number(db, 'SELECT count(*) FROM sqlite_schema') === 0;
  if (isEmpty && application === 0 && version === 0) return; // a crash while it was being made
  if (application !== APPLICATION_ID) throw corrupt(`${path} is not an event log of Verbatim.`, { application });
  if (version < 1 || version > SCHEMA_VERSION)
    throw corrupt(`${path} has schema version ${version}; this program knows versions up to ${SCHEMA_VERSION}.`, {
      version,
    });
}

function check(db: DatabaseSync, path: string | undefined, schema: readonly string[]): void {
  const found = db.prepare("SELECT sql FROM sqlite_schema WHERE name NOT LIKE 'sqlite_%' ORDER BY name").all();
  const expected = schema.toSorted((a, b) => (nameIn(a) < nameIn(b) ? -1 : 1));
  if (found.length !== expected.length || found.some((row, index) => row['sql'] !== expected[index]))
    throw corrupt(`${path} does not have the tables of an event log: it was changed by another program.`);
  if (headOf(db) < number(db, 'SELECT max(position) FROM events'))
    throw corrupt(`${path} holds events beyond its own head: it was changed by another program.`);
  if (path === undefined || size(path) > QUICK_CHECK_BYTES) return;
  const [first] = db.prepare('PRAGMA quick_check(1)').all();
  const result = String(first?.['quick_check']);
  if (result !== 'ok') throw corrupt(`${path} is damaged: ${result}`, { check: result });
}

const nameIn = (sql: string): string => /(?:TABLE|INDEX) (\w+)/.exec(sql)?.[1] ?? '';
