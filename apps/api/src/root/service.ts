import { Injectable, type OnApplicationShutdown } from '@nestjs/common';
import { LogAggregateStore, PolicyRunner } from '#event-sourcing';
import { EventStore } from '#event-store';
import { FirstStart, type FirstStartResult } from '#organizations';
import { Projector } from '#projector';
import { ScoringWorker } from '#scorer';
import { EventStoreDoor } from './event-store-door.js';
import { OpenedEngines } from './opened-engines.js';

/** The order of a life: first facts, then projections, reactions and scorers; at the end what is in flight, then the stores. */
@Injectable()
export class Service implements OnApplicationShutdown {
  constructor(
    private readonly firstStart: FirstStart,
    private readonly policies: PolicyRunner,
    private readonly projector: Projector,
    private readonly scorer: ScoringWorker,
    private readonly aggregates: LogAggregateStore,
    private readonly engines: OpenedEngines,
    private readonly door: EventStoreDoor,
    private readonly log: EventStore,
  ) {}

  /** After `app.init()`: handlers are registered by then. */
  async start(): Promise<FirstStartResult> {
    await this.policies.refuseForeignCheckpoints();
    const result = await this.firstStart.run();
    // A server that was killed had told its callers what the lists may not show yet: the next one's lists wait for it.
    this.aggregates.noteWritten(await this.log.head());
    this.projector.start();
    this.scorer.start();
    return result;
  }

  /** Before the API listens, so that a server that is ready has both doors open. Answers how clients of the event store connect; undefined when they cannot. */
  openEventStore(): Promise<string | undefined> {
    return this.door.start();
  }

  /** The key of the first start has been printed. */
  noteKeyTold(): Promise<void> {
    return this.firstStart.noteKeyTold();
  }

  /** Nest calls this when the HTTP server has stopped: no new command can come in. */
  async onApplicationShutdown(): Promise<void> {
    await this.door.stop();
    await this.scorer.stop();
    await this.projector.stop();
    await this.aggregates.drain();
    await this.engines.close();
  }
}
