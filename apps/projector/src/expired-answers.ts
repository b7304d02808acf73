import { Logger } from '@nestjs/common';
import type { IdempotencyRecords } from '#ops-store';
import { type Clock, Rounds } from '#platform';
import type { ProjectorCompanion } from './projector.js';

const HOUR_MS = 3_600_000;

/** Deletes the answers kept for repeated requests when their day is over. An expired one is not found before that either. */
export class ExpiredAnswers implements ProjectorCompanion {
  private readonly logger = new Logger(ExpiredAnswers.name);
  private readonly rounds: Rounds;

  constructor(records: Pick<IdempotencyRecords, 'deleteExpired'>, clock: Clock, everyMs = HOUR_MS) {
    this.rounds = new Rounds(
      everyMs,
      () => records.deleteExpired(clock.now()),
      (error) => this.logger.error({ err: error }, 'Expired answers could not be deleted.'),
    );
  }

  start(): void {
    this.rounds.start();
  }

  stop(): Promise<void> {
    return this.rounds.stop();
  }
}
