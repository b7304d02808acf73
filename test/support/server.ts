import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { Caller } from './caller.js';
import { freePort } from './free-port.js';
import { SharedStores } from './shared-stores.js';

/** The real entry point, compiled: what `npm start` runs. */
const MAIN = fileURLToPath(new URL('../../apps/api/src/main.js', import.meta.url));
export const OWNER_KEY = 'gai_journeys-owner-key-0123456789abcdef';

export interface ServerOptions {
  /** Default: a new temporary folder, removed by {@link removeDataDirs}. */
  readonly dataDir?: string;
  readonly env?: Readonly<Record<string, string>>;
  /** Another entry point than the server's own. */
  readonly main?: string;
  /** How far the server's clock runs ahead of the machine's, in milliseconds. */
  readonly clockOffsetMs?: number;
}

/** A Verbatim in a process of its own, with real files and a real socket. */
export class Server {
  private output = '';
  private constructor(
    readonly url: string,
    readonly dataDir: string,
    private readonly process: ChildProcess,
  ) {
    for (const stream of [process.stdout, process.stderr])
      stream?.on('data', (chunk: Buffer) => {
        this.output += chunk.toString();
      });
  }

  static async start(options: ServerOptions = {}): Promise<Server> {
    const server = await Server.launch(options);
    await server.ready();
    return server;
  }

  /** Starts the process and does not wait for it: it may be meant to fail. */
  static async launch(options: ServerOptions = {}): Promise<Server> {
    const dataDir = options.dataDir ?? (await newDataDir());
    const port = await freePort();
    const child = spawn(process.execPath, ['--enable-source-maps', options.main ?? MAIN], {
      env: {
        PATH: process.env['PATH'] ?? '',
        PORT: String(port),
        VERBATIM_DATA_DIR: dataDir,
        VERBATIM_ADMIN_KEY: OWNER_KEY,
        VERBATIM_RATE_LIMIT: 'off',
        // So that a submitted session stays one, where scoring is not what is looked at.
        VERBATIM_SCORERS: '0',
        ...(await SharedStores.settingsFor(dataDir)),
        ...(options.clockOffsetMs ? { VERBATIM_CLOCK_OFFSET_MS: String(options.clockOffsetMs) } : {}),
        ...options.env,
      },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    running.add(child);
    child.once('exit', () => running.delete(child));
    return new Server(`http://127.0.0.1:${port}`, dataDir, child);
  }

  /** All that the process has printed so far. */
  get printed(): string {
    return this.output;
  }

  get pid(): number {
    return this.process.pid!;
  }

  /** A caller with the owner's key. */
  get owner(): Caller {
    return new Caller(this.url, OWNER_KEY);
  }

  as(credential: string | undefined): Caller {
    return new Caller(this.url, credential);
  }

  async ready(withinMs = 60_000): Promise<void> {
    const until = Date.now() + withinMs;
    for (;;) {
      if (this.process.exitCode !== null || this.process.signalCode !== null)
        throw new Error(`The server ended before it was ready:\n${this.output}`);
      const answer = await fetch(`${this.url}/health/ready`).catch(() => undefined);
      await answer?.arrayBuffer();
      if (answer?.status === 200) return;
      if (Date.now() > until) throw new Error(`The server was not ready within ${withinMs} ms:\n${this.output}`);
      await delay(20);
    }
  }

  /** SIGTERM, and the exit code after the drain. */
  stop(): Promise<number | null> {
    return this.end('SIGTERM');
  }

  /** kill -9: no handler runs. */
  kill(): Promise<number | null> {
    return this.end('SIGKILL');
  }

  async exited(): Promise<number | null> {
    if (this.process.exitCode === null && this.process.signalCode === null) await once(this.process, 'exit');
    return this.process.exitCode;
  }

  private async end(signal: 'SIGTERM' | 'SIGKILL'): Promise<number | null> {
    if (this.process.exitCode !== null || this.process.signalCode !== null) return this.process.exitCode;
    const exit = once(this.process, 'exit');
    this.process.kill(signal);
    await exit;
    return this.process.exitCode;
  }
}

const running = new Set<ChildProcess>();
const dataDirs: string[] = [];

export async function newDataDir(): Promise<string> {
  const dir = await mkdtemp(join(tmpdir(), 'verbatim-'));
  dataDirs.push(dir);
  return dir;
}

/** For `afterAll`: no process and no folder outlives its spec. */
export async function endAll(): Promise<void> {
  for (const child of running) child.kill('SIGKILL');
  await Promise.all([...running].map((child) => once(child, 'exit')));
  await SharedStores.endAll();
  await Promise.all(dataDirs.splice(0).map((dir) => rm(dir, { recursive: true, force: true })));
}

/** As an operator would, while the server is stopped: lists are built anew from the log. */
export async function forgetReadModels(dataDir: string): Promise<void> {
  if (await SharedStores.forgetReadModels(dataDir)) return;
  for (const suffix of ['', '-wal', '-shm']) await rm(join(dataDir, `read-models.db${suffix}`), { force: true });
}
