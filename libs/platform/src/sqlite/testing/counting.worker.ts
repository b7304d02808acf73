import { inTransaction, openDatabase, serveWorker } from '../index.js';

export interface CountingMethods {
  [method: string]: (...args: never[]) => unknown;
  add(amount: number): number;
  addThenFail(amount: number): number;
  fail(): never;
  runSql(sql: string): void;
  die(): never;
  dieAdding(amount: number): never;
}

serveWorker<{ path: string; maxPages?: number }>(({ path, maxPages }) => {
  const database = openDatabase(path, { synchronous: 'FULL', ...(maxPages === undefined ? {} : { maxPages }) });
  database.exec('CREATE TABLE IF NOT EXISTS counts (amount INTEGER)');
  const add = (amount: number): number => {
    database.prepare('INSERT INTO counts VALUES (?)').run(amount);
    return (database.prepare('SELECT sum(amount) AS sum FROM counts').get() as { sum: number }).sum;
  };
  const fail = (): never => {
    throw Object.assign(new RangeError('too many'), { code: 'too_many', details: { limit: 3 } });
  };
  const methods: CountingMethods = {
    add,
    addThenFail: (amount) =>
      inTransaction(database, () => {
        add(amount);
        return fail();
      }),
    fail,
    runSql: (sql) => database.exec(sql),
    die: () => process.exit(3),
    dieAdding: (amount) =>
      inTransaction(database, () => {
        add(amount);
        return process.exit(3);
      }),
  };
  return { methods, close: () => database.close() };
});
