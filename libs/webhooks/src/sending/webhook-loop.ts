import { Injectable, Logger, type OnModuleDestroy } from '@nestjs/common';
import { WebhookQueue } from './webhook-queue.js';
import { WebhookSender } from './webhook-sender.js';

/** Calls asked for in this process go out at once; those of other processes, and second tries, are found by looking. */
const LOOK_MS = 1000;

/** Keeps the sender going while the projector role is this process's: started and stopped by it, maybe again and again. */
@Injectable()
export class WebhookLoop implements OnModuleDestroy {
  private readonly logger = new Logger(WebhookLoop.name);
  private ending = new AbortController();
  private running: Promise<void> | undefined;

  constructor(
    private readonly queue: WebhookQueue,
    private readonly sender: WebhookSender,
  ) {}

  start(): void {
    if (this.running) return;
    this.ending = new AbortController();
    this.running = this.run(this.ending.signal);
  }

  /** Breaks off the calls under way; what waits goes on with the next start. */
  async stop(): Promise<void> {
    this.ending.abort();
    await this.running;
    await this.sender.idle();
    this.running = undefined;
  }

  onModuleDestroy(): Promise<void> {
    return this.stop();
  }

  private async run(signal: AbortSignal): Promise<void> {
    while (!signal.aborted) {
      const news = this.news(signal);
      try {
        while (!signal.aborted && (await this.sender.sendDue(signal)) > 0);
      } catch (error) {
        this.logger.error(error);
      }
      await news;
    }
  }

  /** Resolves when a call was asked for or has ended since, after a while, or at the end. */
  private news(signal: AbortSignal): Promise<void> {
    return new Promise((resolve) => {
      const done = (): void => {
        clearTimeout(timer);
        stopListening();
        signal.removeEventListener('abort', done);
        resolve();
      };
      const timer = setTimeout(done, LOOK_MS);
      const stopListening = this.queue.onRequest(done);
      this.sender.onEnd(done);
      signal.addEventListener('abort', done, { once: true });
    });
  }
}
