import { VerbatimError } from '#platform';
import { type SqliteFault, sqliteFault, WorkerClient, WorkerGoneError } from '#platform/sqlite/index.js';
import { fromWire } from '#platform/sqlite/wire-error.js';
import type { StepOutcome } from './worker/batch.js';
import type { OpsRecords, OpsWorkerData, OpsWorkerMethods } from './worker/main.js';

/** So that the first of a batch does not wait for ever. */
const MAX_STEPS = 256;

interface Waiting {
  readonly name: string;
  readonly args: readonly unknown[];
  resolve(result: unknown): void;
  reject(error: unknown): void;
}

/**
 * ops.db in its worker. What is asked while a batch is being committed waits and goes with the next one: a commit with
 * `synchronous=FULL` waits for the disk, and fifty callers wait for two of them, not for fifty.
 */
export class OpsDatabase {
  private readonly waiting: Waiting[] = [];
  private running: Promise<void> | undefined;

  private constructor(private readonly worker: WorkerClient<OpsWorkerMethods>) {}

  /** @param report told that the thread died; another takes its place */
  static async open(data: OpsWorkerData, report: (error: unknown) => void): Promise<OpsDatabase> {
    const script = new URL('./worker/main.js', import.meta.url);
    const options = {
      ...(data.path !== ':memory:' && { successor: data }),
      report: (error: Error) => report(known(error)),
    };
    return new OpsDatabase(await reported(WorkerClient.start<OpsWorkerMethods>(script, 'ops-store', data, options)));
  }

  /** Durable when it answers. @throws VerbatimError storage_unavailable */
  ask<Name extends keyof OpsRecords & string>(
    name: Name,
    ...args: Parameters<OpsRecords[Name]>
  ): Promise<ReturnType<OpsRecords[Name]>> {
    return new Promise((resolve, reject) => {
      this.waiting.push({ name, args, resolve: resolve as Waiting['resolve'], reject });
      this.running ??= this.run();
    });
  }

  purge(): Promise<void> {
    return reported(this.worker.call('purge'));
  }

  /** What was asked before is answered first. */
  async close(): Promise<void> {
    await this.running;
    await this.worker.close();
  }

  /** Never rejects: every caller hears of its own step. */
  private async run(): Promise<void> {
    // After this turn, so that what is asked in it goes together.
    await null;
    while (this.waiting.length > 0) {
      const batch = this.waiting.splice(0, MAX_STEPS);
      const steps = batch.map(({ name, args }) => ({ name, args }));
      try {
        const outcomes = (await this.worker.call('together', steps)) as readonly StepOutcome[];
        for (const [index, outcome] of outcomes.entries()) {
          if ('error' in outcome) batch[index]?.reject(known(fromWire(outcome.error)));
          else batch[index]?.resolve(outcome.result);
        }
      } catch (error) {
        for (const one of batch) one.reject(known(error));
      }
    }
    this.running = undefined;
  }
}

const REASONS: Readonly<Partial<Record<SqliteFault, string>>> = {
  busy: 'another process holds it',
  readonly: 'it is read-only',
  io: 'input/output error',
  full: 'no room is left',
  cannot_open: 'it cannot be opened',
  corrupt: 'ops.db is damaged, restore it from a backup',
  not_a_database: 'ops.db is damaged, restore it from a backup',
};

const goneReason = ({ isClosed }: WorkerGoneError): string =>
  isClosed ? 'it is closed' : 'its thread ended, and what it was asked may or may not be done';

/** Trouble with the file becomes the error that callers know; anything else stays what it is. */
const known = (error: unknown): unknown => {
  const fault = sqliteFault(error);
  const reason = error instanceof WorkerGoneError ? goneReason(error) : fault && REASONS[fault];
  if (!reason) return error;
  return new VerbatimError('storage_unavailable', `The operational store cannot be used: ${reason}.`, {
    details: { store: 'operational', reason },
    cause: error,
  });
};

const reported = async <Result>(asked: Promise<Result>): Promise<Result> => {
  try {
    return await asked;
  } catch (error) {
    throw known(error);
  }
};
