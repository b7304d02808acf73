import { DatabaseSync, type StatementSync } from 'node:sqlite';

export interface OpenOptions {
  /** `FULL`: a commit is on the disk when it returns. `NORMAL`: a power cut may take the last commits, never half of one. */
  readonly synchronous: 'FULL' | 'NORMAL';
  readonly readOnly?: boolean;
  /** Pages kept in memory; SQLite's own default is 2 MiB. */
  readonly cacheMiB?: number;
  /** How long the write-ahead log grows before it is folded into the file; SQLite's own default is 4 MiB. */
  readonly walMiB?: number;
  /** For tests of a full disk. */
  readonly maxPages?: number;
}

/** A database with the settings every file of the house shares. `:memory:` for tests. */
export const openDatabase = (path: string, options: OpenOptions): DatabaseSync => {
  const database = new DatabaseSync(path, { readOnly: options.readOnly ?? false, timeout: 5000 });
  try {
    if (!options.readOnly) {
      database.exec('PRAGMA journal_mode = WAL');
      database.exec(`PRAGMA synchronous = ${options.synchronous}`);
      // What is deleted is overwritten with zeros: a deletion must hold against a reader of the bare file.
      database.exec('PRAGMA secure_delete = ON');
      database.exec('PRAGMA journal_size_limit = 67108864');
      if (options.walMiB !== undefined) database.exec(`PRAGMA wal_autocheckpoint = ${256 * options.walMiB}`);
      if (options.maxPages !== undefined) database.exec(`PRAGMA max_page_count = ${options.maxPages}`);
    }
    if (options.cacheMiB !== undefined) database.exec(`PRAGMA cache_size = ${-1024 * options.cacheMiB}`);
    // Sorts that do not fit would leave contents in files of the temporary folder.
    database.exec('PRAGMA temp_store = MEMORY');
    return database;
  } catch (error) {
    database.close();
    throw error;
  }
};

/** All or nothing. IMMEDIATE: a transaction that reads first and then writes gets SQLITE_BUSY whatever the time-out. */
export const inTransaction = <Result>(database: DatabaseSync, work: () => Result): Result => {
  database.exec('BEGIN IMMEDIATE');
  try {
    const result = work();
    database.exec('COMMIT');
    return result;
  } catch (error) {
    // A full disk has rolled back by itself, and a second ROLLBACK would hide the first error.
    if (database.isTransaction) database.exec('ROLLBACK');
    throw error;
  }
};

/** Everything committed moves into the database file, and the write-ahead log is cut to nothing. */
export const truncateWal = (database: DatabaseSync): void => {
  const outcome = database.prepare('PRAGMA wal_checkpoint(TRUNCATE)').get() as { busy: number };
  if (outcome.busy) throw new Error('The write-ahead log could not be truncated: a reader held it for 5 s.');
};

/** Prepared statements by their text; the least recently used go first. */
export class Statements {
  private readonly prepared = new Map<string, StatementSync>();

  constructor(
    private readonly database: DatabaseSync,
    private readonly limit = 500,
    private readonly setUp: (statement: StatementSync) => void = () => {},
  ) {}

  get(sql: string): StatementSync {
    const known = this.prepared.get(sql);
    if (known) {
      this.prepared.delete(sql);
      this.prepared.set(sql, known);
      return known;
    }
    const statement = this.database.prepare(sql);
    this.setUp(statement);
    this.prepared.set(sql, statement);
    if (this.prepared.size > this.limit) this.prepared.delete(this.prepared.keys().next().value!);
    return statement;
  }

  clear(): void {
    this.prepared.clear();
  }
}
