import { Injectable, Logger, type OnModuleDestroy } from '@nestjs/common';
import { InvitationMail } from './invitation-mail.js';
import { MailCarrier } from './mail-carrier.js';
import { MailSender } from './mail-sender.js';

/** Mail asked for in this process is sent at once; that of other processes, and second tries, are found by looking. */
const LOOK_MS = 1000;

/** Keeps the sender going while the projector role is this process's: started and stopped by it, maybe again and again. */
@Injectable()
export class MailLoop implements OnModuleDestroy {
  private readonly logger = new Logger(MailLoop.name);
  private ending = new AbortController();
  private running: Promise<void> | undefined;

  constructor(
    private readonly mail: InvitationMail,
    private readonly sender: MailSender,
    private readonly carrier: MailCarrier,
  ) {}

  start(): void {
    if (this.running) return;
    this.ending = new AbortController();
    this.running = this.run(this.ending.signal);
  }

  /** Finishes the tries under way; what waits goes on with the next start. */
  async stop(): Promise<void> {
    this.ending.abort();
    await this.running;
    this.running = undefined;
  }

  async onModuleDestroy(): Promise<void> {
    await this.stop();
    await this.carrier.close();
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

  /** Resolves when mail was asked for since the call, after a while, or at the end. */
  private news(signal: AbortSignal): Promise<void> {
    return new Promise((resolve) => {
      const done = (): void => {
        clearTimeout(timer);
        stopListening();
        signal.removeEventListener('abort', done);
        resolve();
      };
      const timer = setTimeout(done, LOOK_MS);
      const stopListening = this.mail.onRequest(done);
      signal.addEventListener('abort', done, { once: true });
    });
  }
}
