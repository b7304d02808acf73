import { Logger } from '@nestjs/common';
import type { Failures, IdempotencyRecords } from '#ops-store';
import { type Clock, Rounds } from '#platform';
import type { ProjectorCompanion } from './projector.js';

type Expiring = Pick<IdempotencyRecords | Failures, 'deleteExpired'>;

const HOUR_MS = 3_600_000;

/**
 * Deletes what the operational store keeps for a time only: answers to repeated requests, failed tries. An expired one counts
 * for nothing before that either.
 */
export class ExpiredRecords implements ProjectorCompanion {
  private readonly logger = new Logger(ExpiredRecords.name);
  private readonly rounds: Rounds;

  constructor(kinds: readonly Expiring[], clock: Clock, everyMs = HOUR_MS) {
    this.rounds = new Rounds(
      everyMs,
      () => Promise.all(kinds.map((kind) => kind.deleteExpired(clock.now()))),
      (error) => this.logger.error({ err: error }, 'Expired records could not be deleted.'),
    );
  }

  start(): void {
    this.rounds.start();
  }

  stop(): Promise<void> {
    return this.rounds.stop();
  }
}
