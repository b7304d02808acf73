import { type ChildProcessWithoutNullStreams, spawn } from 'node:child_process';
import { createHmac } from 'node:crypto';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { until } from '../until.js';

export interface Received {
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
  /** The body's JSON. */
  readonly message: {
    readonly id: string;
    readonly type: string;
    readonly occurredAt: string;
    readonly data: Readonly<Record<string, unknown>>;
  };
}

/** The receiver's handle. */
export class WebhookReceiver {
  readonly received: Received[] = [];

  private constructor(
    private readonly child: ChildProcessWithoutNullStreams,
    private readonly port: number,
  ) {}

  static async start(): Promise<WebhookReceiver> {
    const child = spawn(process.execPath, [fileURLToPath(new URL('./receiver.process.js', import.meta.url))]);
    child.stderr.pipe(process.stderr);
    const lines = createInterface(child.stdout);
    const [first] = (await once(lines, 'line')) as [string];
    const receiver = new WebhookReceiver(child, (JSON.parse(first) as { port: number }).port);
    lines.on('line', (line) => {
      const got = JSON.parse(line) as Omit<Received, 'message'>;
      receiver.received.push({ ...got, message: got.body ? JSON.parse(got.body) : undefined });
    });
    return receiver;
  }

  /** @param behaviour `ok`, `fail`, `redirect`, `hang`, `hold`, `late?ms=…`, `endless`; more path may follow */
  url(behaviour: string, host = '127.0.0.1'): string {
    return `http://${host}:${this.port}/${behaviour}`;
  }

  /** On that path, as soon as there are so many. */
  messages(path: string, count: number): Promise<readonly Received[]> {
    return until(
      async () => this.received.filter((one) => one.path === `/${path}`),
      (messages) => messages.length >= count,
    );
  }

  /** Answers those that are held. */
  letGo(): void {
    this.child.stdin.write('go\n');
  }

  async stop(): Promise<void> {
    if (this.child.exitCode !== null) return;
    const ended = once(this.child, 'exit');
    this.child.kill('SIGKILL');
    await ended;
  }
}

/** Standard Webhooks, checked by somebody who knows the specification and nothing of ours. */
export const isSignedBy = (secret: string, { headers, body }: Pick<Received, 'headers' | 'body'>): boolean => {
  const key = Buffer.from(secret.replace(/^whsec_/, ''), 'base64');
  const signed = `${headers['webhook-id']}.${headers['webhook-timestamp']}.${body}`;
  const expected = `v1,${createHmac('sha256', key).update(signed).digest('base64')}`;
  return headers['webhook-signature']!.split(' ').includes(expected);
};
