import { sqliteFault, WorkerClient, WorkerGoneError } from '#platform/sqlite/index.js';
import { EventStoreError } from '../../port/index.js';
import type { GroupMethods } from './group-file.js';

/** consumers.db in its thread, its trouble in the words of the port. */
export class GroupsDatabase {
  private constructor(private readonly worker: WorkerClient<GroupMethods>) {}

  /** @throws EventStoreError corrupt | unavailable */
  static async open(path: string): Promise<GroupsDatabase> {
    const script = new URL('./groups.worker.js', import.meta.url);
    return new GroupsDatabase(await known(WorkerClient.start<GroupMethods>(script, 'consumer-groups', { path })));
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
    const fault = sqliteFault(error);
    const reason = error instanceof Error ? error.message : String(error);
    const isDamaged = fault === 'corrupt' || fault === 'not_a_database';
    if (isDamaged)
      throw new EventStoreError('corrupt', `consumers.db is damaged: ${reason}.`, { reason }, { cause: error });
    const why = error instanceof WorkerGoneError ? 'its thread has ended' : reason;
    const message = `The consumer groups' file cannot be used: ${why}.`;
    throw new EventStoreError('unavailable', message, { fault: fault ?? null, reason }, { cause: error });
  }
}
