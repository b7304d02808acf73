import { Logger } from '@nestjs/common';
import type { IdempotencyRecords } from '#ops-store';
import type { Clock } from '#platform';
import type { ProjectorCompanion } from './projector.js';

const HOUR_MS = 3_600_000;

/** Deletes the answers kept for repeated requests when their day is over. An expired one is not found before that either. */
export class ExpiredAnswers implements ProjectorCompanion {
  private readonly logger = new Logger(ExpiredAnswers.name);
  private timer: NodeJS.Timeout | undefined;
  private running: Promise<void> | undefined;

  constructor(
    private readonly records: Pick<IdempotencyRecords, 'deleteExpired'>,
    private readonly clock: Clock,
    private readonly everyMs = HOUR_MS,
  ) {}

  start(): void {
    if (this.timer) return;
    this.timer = setInterval(() => this.look(), this.everyMs);
    this.look();
  }

  async stop(): Promise<void> {
    clearInterval(this.timer);
    this.timer = undefined;
    await this.running;
  }

  private look(): void {
    this.running ??= this.records
      .deleteExpired(this.clock.now())
      .then(
        () => undefined,
        (error: unknown) => this.logger.error({ err: error }, 'Expired answers could not be deleted.'),
      )
      .finally(() => {
        this.running = undefined;
      });
  }
}
