import { openDatabase, Statements, serveWorker, truncateWal } from '#platform/sqlite/index.js';
import { runTogether, type Step } from './batch.js';
import { deliveryMethods } from './delivery-methods.js';
import { idempotencyMethods } from './idempotency-methods.js';
import { keyMethods } from './key-methods.js';
import { recordMethods } from './record-methods.js';
import { prepareSchema } from './schema.js';

export interface OpsWorkerData {
  /** `:memory:` for tests. */
  readonly path: string;
  readonly maxPages?: number;
}

const recordsOf = (statements: Statements) => ({
  ...keyMethods(statements),
  ...idempotencyMethods(statements),
  ...deliveryMethods(statements),
  ...recordMethods(statements),
});
/** What can be asked of ops.db, by name. */
export type OpsRecords = ReturnType<typeof recordsOf>;

const open = ({ path, maxPages }: OpsWorkerData) => {
  const database = openDatabase(path, { synchronous: 'FULL', ...(maxPages === undefined ? {} : { maxPages }) });
  try {
    prepareSchema(database);
  } catch (error) {
    database.close();
    throw error;
  }
  const records = recordsOf(new Statements(database));
  return {
    methods: {
      together: (steps: readonly Step[]) => runTogether(database, records, steps),
      purge: () => truncateWal(database),
    },
    close: () => database.close(),
  };
};
export type OpsWorkerMethods = ReturnType<typeof open>['methods'];

serveWorker(open);
