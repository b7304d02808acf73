import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { EventStoreError } from '../port/index.js';
import { sqliteCode } from './refusal.js';

const BUSY = 5;

/**
 * Held as an exclusive SQLite transaction on a file beside the log: the operating system frees it when the process
 * ends, however it ends, so there is no stale lock to clear. The file stays empty.
 */
export class DirectoryLock {
  private constructor(private readonly db: DatabaseSync) {}

  static take(directory: string): DirectoryLock {
    let db: DatabaseSync | undefined;
    try {
      // Sealed or not: a log is for nobody else on the machine. A directory that is there keeps the mode it was given.
      mkdirSync(directory, { recursive: true, mode: 0o700 });
      db = new DatabaseSync(join(directory, 'lock'), { timeout: 0 });
      db.exec('BEGIN EXCLUSIVE');
      return new DirectoryLock(db);
    } catch (error) {
      db?.close();
      if (sqliteCode(error) === BUSY)
        throw new EventStoreError(
          'locked',
          `The event log in ${directory} is in use by another process: stop it, or choose another data directory.`,
          { directory },
          { cause: error },
        );
      const reason = error instanceof Error ? error.message : String(error);
      throw new EventStoreError(
        'unavailable',
        `The data directory ${directory} cannot be used: ${reason}.`,
        { directory },
        {
          cause: error,
        },
      );
    }
  }

  release(): void {
    this.db.close();
  }
}
