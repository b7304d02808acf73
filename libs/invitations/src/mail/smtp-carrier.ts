import { once } from 'node:events';
import { createTransport, type Transporter } from 'nodemailer';
import type SMTPPool from 'nodemailer/lib/smtp-pool/index.js';
import { compose } from './compose.js';
import { CarriageError, type Mail, MailCarrier } from './mail-carrier.js';

const CONNECT_MS = 10_000;
const SILENCE_MS = 30_000;
/** A server that keeps talking without coming to an end. */
const WHOLE_MS = 60_000;
/** What a mail under way has left when the process is asked to end. */
const PARTING_MS = 5000;

/** Hands mail to the server that SMTP_URL names. */
export class SmtpCarrier extends MailCarrier {
  readonly channel = 'smtp';
  private readonly transport: Transporter<SMTPPool.SentMessageInfo>;
  private readonly wholeMs: number;
  private readonly partingMs: number;

  constructor(
    url: string,
    private readonly from: string | undefined,
    { connectMs = CONNECT_MS, silenceMs = SILENCE_MS, wholeMs = WHOLE_MS, partingMs = PARTING_MS } = {},
  ) {
    super();
    this.wholeMs = wholeMs;
    this.partingMs = partingMs;
    this.transport = createTransport({
      url,
      pool: true,
      maxConnections: 3,
      // Each send is tried once: whether and when to try again is the sender's decision, on its own record.
      maxRequeues: 0,
      connectionTimeout: connectMs,
      greetingTimeout: connectMs,
      socketTimeout: silenceMs,
      dnsTimeout: connectMs,
    } satisfies SMTPPool.Options & { url: string });
  }

  async carry(mail: Mail, stopping?: AbortSignal): Promise<void> {
    const deadline = new AbortController();
    const end = (): void => deadline.abort();
    const timers = [setTimeout(end, this.wholeMs)];
    const part = (): void => void timers.push(setTimeout(end, this.partingMs));
    if (stopping?.aborted) part();
    stopping?.addEventListener('abort', part, { once: true });
    try {
      await Promise.race([
        this.transport.sendMail(compose(mail, this.from, 'encoded')),
        once(deadline.signal, 'abort').then(() => {
          throw Object.assign(new Error('The mail server did not come to an end.'), { code: 'ETIMEDOUT' });
        }),
      ]);
    } catch (error) {
      throw carriageError(error);
    } finally {
      for (const timer of timers) clearTimeout(timer);
      stopping?.removeEventListener('abort', part);
    }
  }

  async close(): Promise<void> {
    this.transport.close();
  }
}

/**
 * The server's own words may hold the address: its code alone is kept. A 5xx about this mail is final; a refused log-in
 * or an unreachable server is the operator's to mend, and the mail waits for that.
 */
const carriageError = (error: unknown): CarriageError => {
  const { code = 'unknown', responseCode } = error as { code?: string; responseCode?: number };
  const isAboutThisMail = code === 'EENVELOPE' || code === 'EMESSAGE';
  const isFinal = isAboutThisMail && responseCode !== undefined && responseCode >= 500;
  const answer = responseCode === undefined ? '' : `, the mail server answered ${responseCode}`;
  return new CarriageError(`${code}${answer}`, isFinal, { cause: error });
};
