import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const MAIN = fileURLToPath(new URL('../../node/main.js', import.meta.url));
const LISTENING = /listening: (esdb:\S+?:(\d+)\S*)/;

/** Our own node in a process of its own, with a data directory that outlives a kill. */
export class NodeProcess implements AsyncDisposable {
  private child: ChildProcess | undefined;
  private url: string | undefined;
  private port = 0;

  private constructor(readonly dataDir: string) {}

  static async start(): Promise<NodeProcess> {
    const node = new NodeProcess(await mkdtemp(join(tmpdir(), 'verbatim-node-')));
    await node.restart();
    return node;
  }

  get connectionString(): string {
    if (!this.url) throw new Error('The node is not running.');
    return this.url;
  }

  /** The same port every time, as a server has that comes back. */
  get tcpPort(): number {
    return this.port;
  }

  async restart(): Promise<void> {
    const args = [MAIN, '--port', String(this.port), '--data-dir', this.dataDir];
    const child = spawn(process.execPath, ['--enable-source-maps', ...args], { stdio: ['ignore', 'pipe', 'pipe'] });
    this.child = child;
    let printed = '';
    const told = new Promise<RegExpExecArray>((resolve, reject) => {
      const hear = (chunk: Buffer): void => {
        printed += chunk.toString();
        const found = LISTENING.exec(printed);
        if (found) resolve(found);
      };
      child.stdout.on('data', hear);
      child.stderr.on('data', hear);
      child.once('exit', (code) => reject(new Error(`The node ended with ${code}:\n${printed}`)));
    });
    const found = await told;
    this.url = found[1];
    this.port = Number(found[2]);
  }

  /** kill -9: no handler runs. */
  async kill(): Promise<void> {
    const { child } = this;
    this.child = undefined;
    if (!child || child.exitCode !== null || child.signalCode !== null) return;
    const exit = once(child, 'exit');
    child.kill('SIGKILL');
    await exit;
  }

  /** Stopped and started again, as an operator would. */
  async stop(): Promise<void> {
    const { child } = this;
    this.child = undefined;
    if (!child || child.exitCode !== null || child.signalCode !== null) return;
    const exit = once(child, 'exit');
    child.kill('SIGTERM');
    await exit;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.kill();
    await rm(this.dataDir, { recursive: true, force: true });
  }
}
