import type { DatabaseSync } from 'node:sqlite';
import { Statements } from '#platform/sqlite/index.js';
import type { Sql } from './query-sql.js';

/** `_id`, `_stale`, `_body` of a document, still as JSON text: parsed by who asked. */
export type FoundRow = readonly [id: string, stale: number, body: string];

export interface ReadMethods {
  [method: string]: (...args: never[]) => unknown;
  find(sql: Sql): FoundRow[];
  count(sql: Sql): number;
  page(find: Sql, count: Sql, limit: number, offset: number): { rows: FoundRow[]; total: number };
}

export const readMethods = (database: DatabaseSync): ReadMethods => {
  const statements = new Statements(database, 500, (statement) => statement.setReturnArrays(true));
  const all = ({ text, values }: Sql): unknown[] => statements.get(text).all(...values);
  const find = (sql: Sql): FoundRow[] => all(sql) as FoundRow[];
  const count = (sql: Sql): number => (all(sql) as [[number]])[0][0];
  return {
    find,
    count,
    page: (findSql, countSql, limit, offset) => {
      // One snapshot for both. A deferred BEGIN is right here: nothing is written.
      database.exec('BEGIN');
      try {
        const rows = find(findSql);
        // A page that is not full ends where the documents end.
        const lastPage = rows.length < limit && (rows.length > 0 || offset === 0);
        return { rows, total: lastPage ? offset + rows.length : count(countSql) };
      } finally {
        database.exec('COMMIT');
      }
    },
  };
};
