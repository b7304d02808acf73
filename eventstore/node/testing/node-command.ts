import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const MAIN = fileURLToPath(new URL('../main.js', import.meta.url));

/** What `npm run eventstore` runs, in a process and a directory of its own. */
export class NodeCommand implements AsyncDisposable {
  private output = '';
  private readonly closed: Promise<unknown>;

  private constructor(
    readonly directory: string,
    private readonly process: ChildProcess,
  ) {
    for (const stream of [process.stdout, process.stderr])
      stream?.on('data', (chunk: Buffer) => {
        this.output += chunk.toString();
      });
    this.closed = once(process, 'close');
  }

  static async run(args: readonly string[], environment: Record<string, string> = {}): Promise<NodeCommand> {
    const directory = await mkdtemp(join(tmpdir(), 'verbatim-node-'));
    const child = spawn(process.execPath, [MAIN, '--data-dir', directory, ...args], {
      env: { PATH: process.env['PATH'] ?? '', ...environment },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    return new NodeCommand(directory, child);
  }

  get printed(): string {
    return this.output;
  }

  /** The connection string it prints when it listens. */
  async listening(): Promise<string> {
    for (;;) {
      const connection = /esdb:\S+(?=\n)/.exec(this.output)?.[0];
      if (connection) return connection;
      if (this.process.exitCode !== null) throw new Error(this.output);
      await Promise.race([once(this.process.stdout!, 'data'), this.closed]);
    }
  }

  async ended(): Promise<number | null> {
    await this.closed;
    return this.process.exitCode;
  }

  async end(signal: 'SIGTERM' | 'SIGKILL'): Promise<number | null> {
    if (this.process.exitCode === null && this.process.signalCode === null) this.process.kill(signal);
    return this.ended();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.end('SIGKILL');
    await rm(this.directory, { recursive: true, force: true });
  }
}
