import { createTransport } from 'nodemailer';
import { compose } from './compose.js';
import { CarriageError, type Mail, MailCarrier } from './mail-carrier.js';
import type { OutboxFolder } from './outbox-folder.js';

/** Without a mail server: every mail becomes a file of the outbox folder. */
export class OutboxCarrier extends MailCarrier {
  readonly channel = 'outbox';
  private readonly composer = createTransport({ streamTransport: true, buffer: true, newline: 'unix' });

  constructor(
    private readonly folder: OutboxFolder,
    private readonly from: string | undefined,
  ) {
    super();
  }

  async carry(mail: Mail): Promise<void> {
    try {
      const { message } = await this.composer.sendMail(compose(mail, this.from, 'asWritten'));
      if (!Buffer.isBuffer(message)) throw new TypeError('The composer streams instead of buffering.');
      await this.folder.keep(mail.sessionId, mail.deliveryId, message);
    } catch (cause) {
      throw new CarriageError('the outbox folder cannot be written', false, { cause });
    }
  }

  async close(): Promise<void> {
    this.composer.close();
  }
}
