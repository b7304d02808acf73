import type { DatabaseSync } from 'node:sqlite';
import { inTransaction, Statements } from '#platform/sqlite/index.js';
import type { WholeSettings } from '../../common/group-arguments.js';
import type { Parking, SavedState } from './group-state.js';

export interface StoredGroup extends WholeSettings {
  readonly name: string;
  readonly state: SavedState;
}

export interface StoredParked {
  readonly position: number;
  readonly reason: string;
  readonly retries: number;
  readonly parkedAt: number;
}

const VERSION = 1;

/** References alone: what an event says stands in the log and nowhere else, so that deleting it there deletes it. */
const TABLES = `
  CREATE TABLE groups (
    name TEXT PRIMARY KEY, types TEXT NOT NULL, ackTimeoutMs INTEGER NOT NULL, maxRetries INTEGER NOT NULL,
    frontier INTEGER NOT NULL, open TEXT NOT NULL
  ) STRICT, WITHOUT ROWID;
  CREATE TABLE parked (
    id INTEGER PRIMARY KEY AUTOINCREMENT, name TEXT NOT NULL, position INTEGER NOT NULL, reason TEXT NOT NULL,
    retries INTEGER NOT NULL, parkedAt INTEGER NOT NULL, UNIQUE (name, position)
  ) STRICT;
`;

export const prepareTables = (database: DatabaseSync): void =>
  inTransaction(database, () => {
    const { user_version: found } = database.prepare('PRAGMA user_version').get() as { user_version: number };
    if (found === VERSION) return;
    if (found !== 0)
      throw new Error(`consumers.db is of version ${found}; this version of Verbatim knows version ${VERSION} alone.`);
    database.exec(TABLES);
    database.exec(`PRAGMA user_version = ${VERSION}`);
  });

/** What can be asked of consumers.db; each is one transaction, durable when it answers. */
export const groupMethods = (database: DatabaseSync) => {
  const statements = new Statements(database);
  const run = (sql: string, ...values: (string | number)[]) => statements.get(sql).run(...values);
  const save = (name: string, { frontier, open }: SavedState): void => {
    const rows = open.map(({ position, handedOut, dueAt }) => [position, handedOut, dueAt]);
    run('UPDATE groups SET frontier = ?, open = ? WHERE name = ?', frontier, JSON.stringify(rows), name);
  };
  const unpark = (name: string, positions: readonly number[]): void => {
    for (const position of positions) run('DELETE FROM parked WHERE name = ? AND position = ?', name, position);
  };

  return {
    groups: (): StoredGroup[] =>
      statements
        .get('SELECT * FROM groups')
        .all()
        .map((row) => storedGroup(row, parkedPositions(statements, String(row['name'])))),

    create: (name: string, { types, ackTimeoutMs, maxRetries }: WholeSettings, frontier: number): void => {
      const values = [name, JSON.stringify(types), ackTimeoutMs, maxRetries, frontier] as const;
      run("INSERT INTO groups VALUES (?, ?, ?, ?, ?, '[]') ON CONFLICT DO NOTHING", ...values);
    },

    change: (name: string, { types, ackTimeoutMs, maxRetries }: WholeSettings): void => {
      const values = [JSON.stringify(types), ackTimeoutMs, maxRetries, name] as const;
      run('UPDATE groups SET types = ?, ackTimeoutMs = ?, maxRetries = ? WHERE name = ?', ...values);
    },

    save,

    /** Together with the place: neither a crash nor a later save knows an event as parked and as open. */
    park: (name: string, parkings: readonly Parking[], parkedAt: number, state: SavedState): void =>
      inTransaction(database, () => {
        for (const { position, reason, retries } of parkings)
          run(
            `INSERT INTO parked (name, position, reason, retries, parkedAt) VALUES (?, ?, ?, ?, ?)
             ON CONFLICT DO NOTHING`,
            ...[name, position, reason, retries, parkedAt],
          );
        save(name, state);
      }),

    parked: (name: string, limit: number, offset: number): StoredParked[] =>
      statements
        .get('SELECT position, reason, retries, parkedAt FROM parked WHERE name = ? ORDER BY id LIMIT ? OFFSET ?')
        .all(name, limit, offset) as unknown as StoredParked[],

    countParked: (name: string): number => parkedPositions(statements, name).size,

    unpark: (name: string, positions: readonly number[]): void =>
      inTransaction(database, () => unpark(name, positions)),

    replay: (name: string, positions: readonly number[], state: SavedState): void =>
      inTransaction(database, () => {
        unpark(name, positions);
        save(name, state);
      }),

    remove: (name: string): void =>
      inTransaction(database, () => {
        run('DELETE FROM groups WHERE name = ?', name);
        run('DELETE FROM parked WHERE name = ?', name);
      }),
  };
};
export type GroupMethods = ReturnType<typeof groupMethods>;

const parkedPositions = (statements: Statements, name: string): Set<number> =>
  new Set(
    statements
      .get('SELECT position FROM parked WHERE name = ?')
      .all(name)
      .map((row) => Number(row['position'])),
  );

/** A save that was under way while an event was parked may still call it open: parked it is. */
const storedGroup = (row: Record<string, unknown>, parked: ReadonlySet<number>): StoredGroup => ({
  name: String(row['name']),
  types: JSON.parse(String(row['types'])),
  ackTimeoutMs: Number(row['ackTimeoutMs']),
  maxRetries: Number(row['maxRetries']),
  state: {
    frontier: Number(row['frontier']),
    open: (JSON.parse(String(row['open'])) as [number, number, number | null][])
      .map(([position, handedOut, dueAt]) => ({ position, handedOut, dueAt }))
      .filter(({ position }) => !parked.has(position)),
  },
});
