import type { DatabaseSync } from 'node:sqlite';
import type { WorkerMethods } from '#platform/sqlite/index.js';
import { toWire, type WireError } from '#platform/sqlite/wire-error.js';

export interface Step {
  readonly name: string;
  readonly args: readonly unknown[];
}

export type StepOutcome = { readonly result: unknown } | { readonly error: WireError };

const attempt = (methods: WorkerMethods, { name, args }: Step): StepOutcome => {
  try {
    return { result: methods[name]!(...args) };
  } catch (error) {
    return { error: toWire(error) };
  }
};

/** One commit for all that waited together; what one step wrote before it failed is taken back alone. */
export const runTogether = (
  database: DatabaseSync,
  methods: WorkerMethods,
  steps: readonly Step[],
): readonly StepOutcome[] => {
  const failed = (error: WireError): StepOutcome[] => steps.map(() => ({ error }));
  try {
    database.exec('BEGIN IMMEDIATE');
    const outcomes: StepOutcome[] = [];
    for (const step of steps) {
      database.exec('SAVEPOINT step');
      const outcome = attempt(methods, step);
      // A full disk ends the whole transaction, savepoints included: nothing of this batch may be answered as kept.
      if ('error' in outcome && !database.isTransaction) return failed(outcome.error);
      database.exec('error' in outcome ? 'ROLLBACK TO step; RELEASE step' : 'RELEASE step');
      outcomes.push(outcome);
    }
    database.exec('COMMIT');
    return outcomes;
  } catch (error) {
    if (database.isTransaction) database.exec('ROLLBACK');
    return failed(toWire(error));
  }
};
