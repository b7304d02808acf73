import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { SMTPServer, type SMTPServerOptions } from 'smtp-server';

export interface ReceivedMail {
  readonly from: string;
  readonly to: readonly string[];
  readonly content: string;
}

/** A mail server on this machine that keeps what it takes. */
export class MailServer {
  readonly received: ReceivedMail[] = [];
  /** Waits this long before it says yes. */
  slownessMs = 0;
  /** Code it refuses recipients with. */
  refusesWith: number | undefined;
  private readonly server: SMTPServer;

  private constructor(options: SMTPServerOptions) {
    this.server = new SMTPServer({
      disabledCommands: ['STARTTLS', 'AUTH'],
      closeTimeout: 50,
      onRcptTo: (_, __, done) => done(this.refusesWith === undefined ? null : refusal(this.refusesWith)),
      onData: (stream, session, done) => {
        const chunks: Buffer[] = [];
        stream.on('data', (chunk: Buffer) => chunks.push(chunk));
        stream.on('end', () => {
          const { mailFrom, rcptTo } = session.envelope;
          const from = mailFrom ? mailFrom.address : '';
          this.received.push({ from, to: rcptTo.map(({ address }) => address), content: `${Buffer.concat(chunks)}` });
          setTimeout(done, this.slownessMs);
        });
      },
      ...options,
    });
  }

  static async listen(options: SMTPServerOptions = {}, port = 0): Promise<MailServer> {
    const mail = new MailServer(options);
    mail.server.listen(port, '127.0.0.1');
    await once(mail.server.server, 'listening');
    return mail;
  }

  get port(): number {
    return (this.server.server.address() as AddressInfo).port;
  }

  get url(): string {
    return `smtp://127.0.0.1:${this.port}`;
  }

  close(): Promise<void> {
    return new Promise((resolve) => this.server.close(() => resolve()));
  }
}

/** Real servers name the address in their answer: it must not get any further. */
export const refusal = (responseCode: number): Error =>
  Object.assign(new Error('no such user: alice@example.com'), { responseCode });
