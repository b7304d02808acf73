import { type ChildProcess, spawn } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import mongoose from 'mongoose';
import { freePort } from './free-port.js';
import { until } from './until.js';

/** `shared`: journeys run on EventStoreDB and MongoDB instead of the embedded engines. */
const ENGINES = process.env['VERBATIM_TEST_ENGINES'] ?? 'embedded';
const MONGODB = process.env['TEST_MONGODB_URL'];
const NODE = fileURLToPath(new URL('../../eventstore/node/main.js', import.meta.url));

/**
 * What stands in for a data directory on the production engines: an event store of its own (`eventstore/node` in its own
 * process, its files in the directory) and databases of its own on the MongoDB of `TEST_MONGODB_URL`. They outlive the
 * servers that are started on the directory, as they would in production.
 */
export class SharedStores {
  private static readonly byDirectory = new Map<string, Promise<SharedStores>>();
  private readonly database = `t${randomUUID().replaceAll('-', '')}`;

  private constructor(
    private readonly eventStore: ChildProcess,
    readonly port: number,
  ) {}

  /** Settings of a server on this directory; none when the engines are embedded. */
  static async settingsFor(dataDir: string, engines = ENGINES): Promise<Readonly<Record<string, string>>> {
    if (engines === 'embedded') return {};
    const known = SharedStores.byDirectory.get(dataDir) ?? SharedStores.open(dataDir);
    SharedStores.byDirectory.set(dataDir, known);
    const { port, database } = await known;
    return {
      VERBATIM_EVENT_STORE_URL: `esdb://127.0.0.1:${port}?tls=false`,
      VERBATIM_READ_STORE_URL: `${mongodb()}/${database}`,
      VERBATIM_SECRET: 'journeys-secret-of-all-processes-0123456789',
    };
  }

  /** False when there are none for this directory. */
  static async forgetReadModels(dataDir: string): Promise<boolean> {
    const known = await SharedStores.byDirectory.get(dataDir);
    await known?.drop(known.database);
    return known !== undefined;
  }

  static async endAll(): Promise<void> {
    const all = await Promise.all(SharedStores.byDirectory.values());
    SharedStores.byDirectory.clear();
    await Promise.all(all.map((stores) => stores.end()));
  }

  private static async open(dataDir: string): Promise<SharedStores> {
    const port = await freePort();
    const child = spawn(process.execPath, [NODE, '--port', String(port), '--data-dir', join(dataDir, 'event-store')], {
      env: { PATH: process.env['PATH'] ?? '' },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    let printed = '';
    for (const stream of [child.stdout, child.stderr])
      stream.on('data', (chunk: Buffer) => {
        printed += chunk.toString();
      });
    await until(
      async () => {
        if (child.exitCode !== null) throw new Error(`The event store ended before it was ready:\n${printed}`);
        return printed;
      },
      (text) => text.includes('esdb://'),
    );
    return new SharedStores(child, port);
  }

  private async drop(database: string): Promise<void> {
    const connection = await mongoose.createConnection(`${mongodb()}/${database}`).asPromise();
    await connection.dropDatabase();
    await connection.close();
  }

  private async end(): Promise<void> {
    const exit = once(this.eventStore, 'exit');
    if (this.eventStore.kill('SIGKILL')) await exit;
    await this.drop(this.database);
    await this.drop(`${this.database}_ops`);
  }
}

const mongodb = (): string => {
  if (MONGODB) return MONGODB.replace(/\/+$/, '');
  throw new Error('VERBATIM_TEST_ENGINES=shared needs TEST_MONGODB_URL: start one with `.ci/ferretdb FOLDER`.');
};
