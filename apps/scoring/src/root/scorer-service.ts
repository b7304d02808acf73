import { Injectable, type OnApplicationShutdown } from '@nestjs/common';
import { LogAggregateStore } from '#event-sourcing';
import { OpenedEngines } from '../../../api/src/root/opened-engines.js';
import { ScoringWorker } from '../scoring-worker.js';

/** The life of a process that scores and does nothing else. */
@Injectable()
export class ScorerService implements OnApplicationShutdown {
  constructor(
    private readonly worker: ScoringWorker,
    private readonly aggregates: LogAggregateStore,
    private readonly engines: OpenedEngines,
  ) {}

  start(): void {
    this.worker.start();
  }

  async onApplicationShutdown(): Promise<void> {
    await this.worker.stop();
    await this.aggregates.drain();
    await this.engines.close();
  }
}
