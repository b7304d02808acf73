import type { Failures } from '#ops-store';
import type { MasterKeys } from './master-keys.js';
import type { FailureRecords } from './records.js';

/** Who failed is an address, or another word about somebody: it is kept only as a keyed hash. */
export class NamedFailures implements Failures {
  constructor(
    private readonly records: FailureRecords,
    private readonly master: MasterKeys,
  ) {}

  note(who: string, at: number, expires: number): Promise<void> {
    return this.records.noteFailure(this.nameOf(who), at, expires);
  }

  since(who: string, after: number): Promise<readonly number[]> {
    return this.records.failuresSince(this.nameOf(who), after);
  }

  deleteExpired(now: number): Promise<number> {
    return this.records.deleteExpiredFailures(now);
  }

  private nameOf(who: string): string {
    return this.master.name('failure', who);
  }
}
