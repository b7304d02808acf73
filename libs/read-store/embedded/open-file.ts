import { closeSync, existsSync, openSync, readSync, renameSync, rmSync } from 'node:fs';
import { DatabaseSync } from 'node:sqlite';
import { openDatabase, sqliteFault } from '#platform/sqlite/index.js';
import { ReadStoreError } from '#read-store';

/** "VBrm" in the file's header: these are Verbatim's read models. */
const APPLICATION_ID = 0x5642726d;
/** Raised with every change of the tables below; read models of another layout are built anew. */
const LAYOUT = 1;

/**
 * Documents come in the order of the log, but their ids and index entries fall all over the file. Filling 100,000 rows
 * with four indexes read 3.4 GB and wrote 2.7 with SQLite's own 2 MiB of cache and 4 of log; with these 0.2 and 0.9.
 */
export const CACHE_MIB = 64;
const WAL_MIB = 64;

const REGISTRY = `
  CREATE TABLE IF NOT EXISTS builds (
    name TEXT NOT NULL, version INTEGER NOT NULL, build INTEGER NOT NULL,
    collections TEXT NOT NULL, state TEXT NOT NULL, stopped_reason TEXT, checkpoint INTEGER NOT NULL,
    PRIMARY KEY (name, version, build)
  ) WITHOUT ROWID;
  CREATE TABLE IF NOT EXISTS quarantine (
    name TEXT NOT NULL, version INTEGER NOT NULL, build INTEGER NOT NULL,
    stream TEXT NOT NULL, position INTEGER NOT NULL, reason TEXT NOT NULL,
    PRIMARY KEY (name, version, build, stream)
  ) WITHOUT ROWID;
`;

export interface OpenedFile {
  readonly database: DatabaseSync;
  /** What somebody should know about how it was opened; empty when all was well. */
  readonly notices: readonly string[];
}

/** Present: damage was met at work; the file is set aside at the next start. */
export const damageMark = (path: string): string => `${path}.damaged`;
const setAsideName = (path: string): string => `${path}.set-aside`;

const removeDatabase = (path: string): void => {
  for (const suffix of ['', '-wal', '-shm']) rmSync(`${path}${suffix}`, { force: true });
};

/** A copy set aside would outlive later deletions: the first of them takes it along. */
export const removeSetAside = (path: string): void => removeDatabase(setAsideName(path));

/** Kept for whoever wants to know what happened; only the newest. */
const setAside = (path: string, why: string): string => {
  removeSetAside(path);
  for (const suffix of ['', '-wal']) {
    if (existsSync(`${path}${suffix}`)) renameSync(`${path}${suffix}`, `${setAsideName(path)}${suffix}`);
  }
  removeDatabase(path);
  rmSync(damageMark(path), { force: true });
  return `${path} is damaged (${why}): set aside as ${setAsideName(path)}, all read models are built anew from the log.`;
};

type Header = 'absent' | 'no_database' | { readonly layout: number; readonly applicationId: number };

/** Without SQLite, which would recover, checkpoint or otherwise touch a file that may not be ours. */
const readHeader = (path: string): Header => {
  if (!existsSync(path)) return 'absent';
  const header = Buffer.alloc(100);
  const file = openSync(path, 'r');
  try {
    const length = readSync(file, header);
    if (length === 0) return 'absent';
    if (length < 100 || header.toString('latin1', 0, 16) !== 'SQLite format 3\0') return 'no_database';
    return { layout: header.readUInt32BE(60), applicationId: header.readUInt32BE(68) };
  } finally {
    closeSync(file);
  }
};

/** In one rollback-journal transaction, before WAL: so the mark is in the file's own header from its first moment. */
const create = (path: string): void => {
  removeDatabase(path);
  const database = new DatabaseSync(path);
  database.exec(`BEGIN; PRAGMA application_id = ${APPLICATION_ID}; PRAGMA user_version = ${LAYOUT}; COMMIT`);
  database.close();
};

const openAndRead = (path: string): DatabaseSync => {
  // NORMAL is enough: documents and checkpoint are one transaction, so a power cut takes both back together, and what is
  // lost is projected again from the log.
  const database = openDatabase(path, { synchronous: 'NORMAL', cacheMiB: CACHE_MIB, walMiB: WAL_MIB });
  try {
    database.exec(REGISTRY);
    database.prepare('SELECT count(*) FROM sqlite_schema, builds').get();
    return database;
  } catch (error) {
    database.close();
    throw error;
  }
};

/**
 * Read models are disposable, so a damaged file is set aside and built anew, and said so; a healthy database that is not
 * ours is refused and left as it is.
 */
export const openReadModels = (path: string): OpenedFile => {
  if (path === ':memory:') return { database: openAndRead(path), notices: [] };
  const notices: string[] = [];
  if (existsSync(damageMark(path))) notices.push(setAside(path, 'found while it was in use'));
  let header = readHeader(path);
  if (header === 'no_database') {
    notices.push(setAside(path, 'it does not begin like a database'));
    header = 'absent';
  }
  if (header === 'absent') create(path);
  else if (header.applicationId !== APPLICATION_ID) {
    throw new ReadStoreError('foreign_file', `${path} is a database, but not of read models: move it away.`, { path });
  } else if (header.layout !== LAYOUT) {
    notices.push(`${path} has layout ${header.layout}, this version ${LAYOUT}: all read models are built anew.`);
    create(path);
  }
  try {
    return { database: openAndRead(path), notices };
  } catch (error) {
    const fault = sqliteFault(error);
    if (fault !== 'corrupt' && fault !== 'not_a_database') throw error;
    notices.push(setAside(path, (error as Error).message));
    create(path);
    return { database: openAndRead(path), notices };
  }
};

/** While others have it open: then nothing is set aside or made anew, which would leave them with another file than ours. */
export const reopenReadModels = (path: string): OpenedFile => {
  const header = readHeader(path);
  if (typeof header === 'string' || header.applicationId !== APPLICATION_ID)
    throw new ReadStoreError('unavailable', `${path} is not what it was: restart to have the read models built anew.`);
  return { database: openAndRead(path), notices: [] };
};
