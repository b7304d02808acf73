import { Injectable, Logger, type OnModuleDestroy } from '@nestjs/common';
import { DueLoop } from '#platform';
import { WebhookQueue } from './webhook-queue.js';
import { WebhookSender } from './webhook-sender.js';

/** Calls asked for in this process go out at once; those of other processes, and second tries, are found by looking. */
const LOOK_MS = 1000;

/** Keeps the sender going while the projector role is this process's: started and stopped by it, maybe again and again. */
@Injectable()
export class WebhookLoop implements OnModuleDestroy {
  private readonly logger = new Logger(WebhookLoop.name);
  private readonly loop: DueLoop;

  constructor(
    queue: WebhookQueue,
    private readonly sender: WebhookSender,
  ) {
    this.loop = new DueLoop(LOOK_MS, {
      doDue: (signal) => sender.sendDue(signal),
      onNews: (heard) => {
        sender.onEnd(heard);
        return queue.onRequest(heard);
      },
      failed: (error) => this.logger.error(error),
    });
  }

  start(): void {
    this.loop.start();
  }

  /** Breaks off the calls under way; what waits goes on with the next start. */
  async stop(): Promise<void> {
    await this.loop.stop();
    await this.sender.idle();
  }

  onModuleDestroy(): Promise<void> {
    return this.stop();
  }
}
