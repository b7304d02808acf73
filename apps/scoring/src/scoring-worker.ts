import { setTimeout as sleep } from 'node:timers/promises';
import { Logger } from '@nestjs/common';
import { parseStream } from '#event-sourcing';
import type { ConsumerGroups, GroupDelivery } from '#event-store';
import { SCORING_WORK_TYPES } from '#sessions';
import { type RunHouse, ScoringRun } from './scoring-run.js';

export const SCORING_GROUP = 'scoring';
/** Only a claim stands between a delivery and its answer. */
const ACK_TIMEOUT_MS = 30_000;
/** With the pauses below an hour and a half: a store may be away for a while, a stream that cannot be read is set aside. */
const MAX_RETRIES = 100;
const FIRST_PAUSE_MS = 250;
const LONGEST_PAUSE_MS = 60_000;
/** How long runs under way may take to finish when the process stops; then they are handed back. */
const GRACE_MS = 8_000;

export interface WorkerOptions {
  /** Sessions scored at a time; 0: this process scores none. */
  readonly concurrency: number;
}

/**
 * Takes requests for scores from the log, in competition with every other scorer, and answers each with a run. A delivery is
 * acknowledged when its session is claimed: from then on the claim's lease in the session's stream answers for it.
 */
export class ScoringWorker {
  private readonly logger = new Logger(ScoringWorker.name);
  private readonly taking = new AbortController();
  private readonly stopping = new AbortController();
  private running: Promise<unknown> | undefined;

  constructor(
    private readonly groups: ConsumerGroups,
    private readonly house: RunHouse,
    private readonly options: WorkerOptions,
  ) {}

  start(): void {
    if (this.options.concurrency > 0) this.running ??= this.run();
  }

  /** Takes no more, finishes what is under way, hands back what takes too long. Repeatable. */
  async stop(graceMs = GRACE_MS): Promise<void> {
    this.taking.abort();
    const late = setTimeout(() => this.stopping.abort(), graceMs);
    await this.running;
    clearTimeout(late);
  }

  private async run(): Promise<void> {
    await this.untilDone(() => this.join());
    const consume = (): Promise<void> => this.untilDone(() => this.consume());
    await Promise.all(Array.from({ length: this.options.concurrency }, consume));
  }

  /** Again after each failure, until this scorer stops. */
  private async untilDone(work: () => Promise<void>): Promise<void> {
    const { signal } = this.taking;
    for (let pause = FIRST_PAUSE_MS; !signal.aborted; pause = Math.min(pause * 2, LONGEST_PAUSE_MS)) {
      try {
        await work();
        return;
      } catch (error) {
        this.logger.error({ err: error }, 'A scorer cannot reach its group and tries again.');
      }
      await sleep(pause, undefined, { signal }).catch(() => undefined);
    }
  }

  /** What was set aside is tried again with every start: that is when somebody has mended something. */
  private async join(): Promise<void> {
    await this.groups.ensure(SCORING_GROUP, {
      types: SCORING_WORK_TYPES,
      after: 'start',
      ackTimeoutMs: ACK_TIMEOUT_MS,
      maxRetries: MAX_RETRIES,
    });
    await this.groups.replayParked(SCORING_GROUP);
  }

  private async consume(): Promise<void> {
    for await (const delivery of this.groups.consume(SCORING_GROUP, { buffer: 1, signal: this.taking.signal }))
      await this.take(delivery).catch((error: unknown) =>
        this.logger.error({ err: error }, 'A delivery could not be answered; it will come again.'),
      );
  }

  private async take(delivery: GroupDelivery): Promise<void> {
    const { stream, id: causedBy } = delivery.event;
    const { orgId, id: sessionId } = parseStream(stream);
    const run = new ScoringRun(this.house, { orgId, sessionId, causedBy });
    let isClaimed: boolean;
    try {
      isClaimed = await run.claim();
    } catch (error) {
      const wait = Math.min(FIRST_PAUSE_MS * 2 ** delivery.retries, LONGEST_PAUSE_MS);
      this.logger.warn({ err: error, sessionId }, 'A session could not be claimed and is tried again.');
      await delivery.retry(wait, error instanceof Error ? error.name : 'unknown');
      return;
    }
    // Should this fail, the event comes again and finds the session claimed.
    await delivery.ack().catch((error: unknown) => this.logger.warn({ err: error }, 'A claim was not acknowledged.'));
    if (isClaimed) await run.work(this.stopping.signal);
  }
}
