import type { DatabaseSync } from 'node:sqlite';
import { inTransaction, Statements, truncateWal } from '#platform/sqlite/index.js';
import {
  type BuildState,
  type CollectionSpec,
  ConcurrentProjectionError,
  type ProjectionBuild,
  type Quarantine,
  ReadStoreError,
  type StoredBuild,
  sameFields,
} from '#read-store';
import { assertNames, unknownBuild } from '../rules/names.js';
import type { TableWrites } from './rows.js';
import { createTableSql, tableOf } from './tables.js';

export type LoadedRow = readonly [id: string, position: bigint, stale: bigint, body: string | null];

/** Rows of a dropped table that go in one step: commits of others find their turn in between. */
const DROP_STEP = 2_000;

const OF_BUILD = 'WHERE name = ? AND version = ? AND build = ?';
const keyOf = ({ name, version, build }: ProjectionBuild): [string, number, number] => [name, version, build];

/** The one writer. Positions are read as bigint, so every integer of these statements is. */
export class WriteMethods {
  private readonly statements: Statements;

  constructor(private readonly database: DatabaseSync) {
    this.statements = new Statements(database, 500, (statement) => statement.setReadBigInts(true));
  }

  prepare(build: ProjectionBuild, collections: readonly CollectionSpec[]): StoredBuild {
    assertNames(build, collections);
    return inTransaction(this.database, () => {
      const known = this.builds().find((one) => keyOf(one).join() === keyOf(build).join());
      if (known && !sameFields(known.collections, collections)) {
        const message = `${build.name}, version ${build.version}, declares other fields than when it was built.`;
        throw new ReadStoreError('invalid_projection', message);
      }
      for (const collection of collections) {
        for (const sql of createTableSql(build, collection)) this.database.exec(sql);
      }
      this.statements
        .get(
          `INSERT INTO builds (name, version, build, collections, state, checkpoint) VALUES (?, ?, ?, ?, 'building', 0)
           ON CONFLICT DO UPDATE SET collections = excluded.collections`,
        )
        .run(...keyOf(build), JSON.stringify(collections));
      return known ? { ...known, collections } : this.required(build);
    });
  }

  builds(): StoredBuild[] {
    const rows = this.statements.get('SELECT * FROM builds ORDER BY name, version, build').all();
    return rows.map((row) => ({
      name: row['name'] as string,
      version: Number(row['version']),
      build: Number(row['build']),
      collections: JSON.parse(row['collections'] as string) as CollectionSpec[],
      state: row['state'] as BuildState,
      stoppedReason: row['stopped_reason'] as string | null,
      checkpoint: row['checkpoint'] as bigint,
    }));
  }

  setState(build: ProjectionBuild, state: BuildState, reason: string | null): void {
    inTransaction(this.database, () => {
      if (state === 'live') {
        this.statements
          .get(`UPDATE builds SET state = 'retired' WHERE name = ? AND version = ? AND build <> ?`)
          .run(...keyOf(build));
      }
      const { changes } = this.statements
        .get(`UPDATE builds SET state = ?, stopped_reason = ? ${OF_BUILD}`)
        .run(state, reason, ...keyOf(build));
      if (Number(changes) === 0) throw unknownBuild(build);
    });
  }

  load(build: ProjectionBuild, collection: string, ids: readonly string[]): LoadedRow[] {
    const table = tableOf(build, collection);
    const statement = this.statements.get(`SELECT _id, _position, _stale, _body FROM ${table} WHERE _id = ?`);
    const rows: LoadedRow[] = [];
    for (const id of ids) {
      const row = statement.get(id);
      if (row) rows.push([id, row['_position'] as bigint, row['_stale'] as bigint, row['_body'] as string | null]);
    }
    return rows;
  }

  commit(build: ProjectionBuild, tables: readonly TableWrites[], checkpoint: bigint): void {
    inTransaction(this.database, () => {
      for (const { table, columns, rows } of tables) this.writeRows(table, columns, rows);
      const { changes } = this.statements
        .get(`UPDATE builds SET checkpoint = max(checkpoint, ?) ${OF_BUILD}`)
        .run(checkpoint, ...keyOf(build));
      if (Number(changes) === 0) throw unknownBuild(build);
    });
  }

  quarantine(build: ProjectionBuild, { stream, position, reason }: Quarantine): void {
    inTransaction(this.database, () => {
      this.required(build);
      this.statements
        .get(
          `INSERT INTO quarantine (name, version, build, stream, position, reason) VALUES (?, ?, ?, ?, ?, ?)
           ON CONFLICT DO UPDATE SET position = excluded.position, reason = excluded.reason
           WHERE excluded.position < position`,
        )
        .run(...keyOf(build), stream, position, reason);
    });
  }

  quarantined(build: ProjectionBuild): Quarantine[] {
    return this.statements
      .get(`SELECT stream, position, reason FROM quarantine ${OF_BUILD} ORDER BY stream`)
      .all(...keyOf(build))
      .map((row) => ({
        stream: row['stream'] as string,
        position: row['position'] as bigint,
        reason: row['reason'] as string,
      }));
  }

  /** True while something is left: called again and again, so that dropping a large build holds up nobody. */
  dropStep(build: ProjectionBuild): boolean {
    return inTransaction(this.database, () => {
      const known = this.builds().find((one) => keyOf(one).join() === keyOf(build).join());
      if (!known) return false;
      for (const { name } of known.collections) {
        const table = tableOf(build, name);
        for (const row of this.indexes(table)) this.database.exec(`DROP INDEX "${row}"`);
        const { changes } = this.database
          .prepare(`DELETE FROM ${table} WHERE rowid IN (SELECT rowid FROM ${table} LIMIT ${DROP_STEP})`)
          .run();
        if (Number(changes) === DROP_STEP) return true;
      }
      this.statements.clear();
      for (const { name } of known.collections) this.database.exec(`DROP TABLE ${tableOf(build, name)}`);
      for (const table of ['builds', 'quarantine']) {
        this.database.prepare(`DELETE FROM ${table} ${OF_BUILD}`).run(...keyOf(build));
      }
      return false;
    });
  }

  purge(): void {
    truncateWal(this.database);
  }

  private required(build: ProjectionBuild): StoredBuild {
    const found = this.builds().find((one) => keyOf(one).join() === keyOf(build).join());
    if (!found) throw unknownBuild(build);
    return found;
  }

  /** The declared ones: what stands behind `_id TEXT UNIQUE` has no SQL text and goes with its table. */
  private indexes(table: string): string[] {
    return this.database
      .prepare(`SELECT name FROM sqlite_schema WHERE type = 'index' AND tbl_name = ? AND sql IS NOT NULL`)
      .all(table.slice(1, -1))
      .map((row) => row['name'] as string);
  }

  private writeRows(table: string, columns: readonly string[], rows: TableWrites['rows']): void {
    const places = columns.map(() => '?').join(', ');
    const insert = this.statements.get(
      `INSERT INTO ${table} (${columns.join(', ')}) VALUES (${places}) ON CONFLICT (_id) DO NOTHING`,
    );
    // Never SET _id: SQLite would take its index entry out and put it back.
    const changed = columns.slice(0, -1).map((column) => `${column} = ?`);
    const update = this.statements.get(`UPDATE ${table} SET ${changed.join(', ')} WHERE _id = ? AND _position = ?`);
    for (const { expected, values } of rows) {
      const { changes } = expected === null ? insert.run(...values) : update.run(...values, expected);
      if (Number(changes) === 0) throw new ConcurrentProjectionError(values.at(-1) as string);
    }
  }
}
