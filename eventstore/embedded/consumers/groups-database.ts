import { sqliteFault, WorkerClient, WorkerGoneError } from '#platform/sqlite/index.js';
import { EventStoreError } from '../../port/index.js';
import type { GroupMethods } from './group-file.js';

const FILE = 'consumers.db';

/** consumers.db in its thread, its trouble in the words of the port. */
export class GroupsDatabase {
  private constructor(private readonly worker: WorkerClient<GroupMethods>) {}

  /** @throws EventStoreError corrupt | unavailable */
  static async open(path: string, report: (error: unknown) => void): Promise<GroupsDatabase> {
    const script = new URL('./groups.worker.js', import.meta.url);
    const data = { path };
    const options = { ...(path !== ':memory:' && { successor: data }), report: (why: Error) => report(inWords(why)) };
    return new GroupsDatabase(await known(WorkerClient.start<GroupMethods>(script, 'consumer-groups', data, options)));
  }

  /** In the order asked. @throws EventStoreError corrupt | unavailable */
  ask<Name extends keyof GroupMethods & string>(
    name: Name,
    ...args: Parameters<GroupMethods[Name]>
  ): Promise<ReturnType<GroupMethods[Name]>> {
    return known(this.worker.call(name, ...args));
  }

  close(): Promise<void> {
    return this.worker.close();
  }
}

async function known<Result>(asked: Promise<Result>): Promise<Result> {
  try {
    return await asked;
  } catch (error) {
    throw inWords(error);
  }
}

function inWords(error: unknown): EventStoreError {
  const fault = sqliteFault(error);
  const reason = error instanceof Error ? error.message : String(error);
  const isDamaged = fault === 'corrupt' || fault === 'not_a_database';
  if (isDamaged) return new EventStoreError('corrupt', `${FILE} is damaged: ${reason}.`, { reason }, { cause: error });
  const why = error instanceof WorkerGoneError ? 'its thread has ended' : reason;
  const message = `The consumer groups' file cannot be used: ${why}.`;
  return new EventStoreError('unavailable', message, { file: FILE, fault: fault ?? null, reason }, { cause: error });
}
