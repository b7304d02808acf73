import { Injectable, Logger, type OnModuleDestroy } from '@nestjs/common';
import { DueLoop } from '#platform';
import { InvitationMail } from './invitation-mail.js';
import { MailCarrier } from './mail-carrier.js';
import { MailSender } from './mail-sender.js';

/** Mail asked for in this process is sent at once; that of other processes, and second tries, are found by looking. */
const LOOK_MS = 1000;

/** Keeps the sender going while the projector role is this process's: started and stopped by it, maybe again and again. */
@Injectable()
export class MailLoop implements OnModuleDestroy {
  private readonly logger = new Logger(MailLoop.name);
  private readonly loop: DueLoop;

  constructor(
    mail: InvitationMail,
    sender: MailSender,
    private readonly carrier: MailCarrier,
  ) {
    this.loop = new DueLoop(LOOK_MS, {
      doDue: (signal) => sender.sendDue(signal),
      onNews: (heard) => mail.onRequest(heard),
      failed: (error) => this.logger.error(error),
    });
  }

  start(): void {
    this.loop.start();
  }

  /** Finishes the tries under way; what waits goes on with the next start. */
  stop(): Promise<void> {
    return this.loop.stop();
  }

  async onModuleDestroy(): Promise<void> {
    await this.stop();
    await this.carrier.close();
  }
}
