import mongoose, { type Connection } from 'mongoose';
import { known, unavailable } from './faults.js';

/** A call that got no answer by then is given up, whatever the driver hopes for. */
const DEADLINE_MS = 10_000;
/** Without one the driver would take `test`. */
const NAMES_DATABASE = /^mongodb(\+srv)?:\/\/[^/]+\/[^/?]+/;

export interface MongoServerOptions {
  /** Names the database. */
  readonly url: string;
  /** Hears that the server went away and came back. */
  readonly report?: (notice: string) => void;
  readonly deadlineMs?: number;
}

/**
 * The connection. Writes are acknowledged by a majority and its journals, reads go to the primary. The driver finds the
 * server again by itself; meanwhile every call fails with `storage_unavailable` in bounded time (nothing is buffered).
 */
export class MongoServer {
  private closed = false;

  private constructor(
    readonly connection: Connection,
    private readonly deadlineMs: number,
  ) {}

  /** @throws VerbatimError storage_unavailable */
  static async connect({ url, report, deadlineMs = DEADLINE_MS }: MongoServerOptions): Promise<MongoServer> {
    if (!NAMES_DATABASE.test(url))
      throw new Error('The URL of the operational store must name its database: mongodb://host/name.');
    const connection = mongoose.createConnection();
    const server = new MongoServer(connection, deadlineMs);
    try {
      await server.ask(() => connection.openUri(url, optionsFor(deadlineMs)));
    } catch (error) {
      await server.close();
      throw error;
    }
    if (report) {
      connection.on('disconnected', () => server.closed || report('The operational store is away.'));
      connection.on('connected', () => report('The operational store is back.'));
    }
    // Each call hears of its own trouble; without a listener an `error` event would end the process.
    connection.on('error', () => {});
    return server;
  }

  /** @throws VerbatimError storage_unavailable */
  async ask<Result>(work: () => Promise<Result>, deadlineMs = this.deadlineMs): Promise<Result> {
    if (this.closed) throw unavailable('it is closed');
    let timer: NodeJS.Timeout | undefined;
    const late = new Promise<never>((_, reject) => {
      timer = setTimeout(() => reject(unavailable(`no answer in ${deadlineMs} ms`)), deadlineMs);
    });
    try {
      return await Promise.race([work(), late]);
    } catch (error) {
      throw known(error);
    } finally {
      clearTimeout(timer);
    }
  }

  /** The database's clock, in whole milliseconds since 1970: `hello` tells it on every kind of server (`$$NOW` not on all). */
  now(): Promise<number> {
    return this.ask(async () => {
      const { localTime } = await this.connection.db!.command({ hello: 1 });
      return (localTime as Date).getTime();
    });
  }

  async close(): Promise<void> {
    this.closed = true;
    await this.connection.close(true);
  }
}

const optionsFor = (deadlineMs: number): mongoose.ConnectOptions => ({
  autoIndex: false,
  autoCreate: false,
  bufferCommands: false,
  promoteBuffers: true,
  readPreference: 'primary',
  writeConcern: { w: 'majority', journal: true, wtimeoutMS: deadlineMs },
  // A server that is away is said to be away well before the call's own deadline.
  serverSelectionTimeoutMS: deadlineMs / 2,
  waitQueueTimeoutMS: deadlineMs / 2,
  connectTimeoutMS: deadlineMs / 2,
  socketTimeoutMS: deadlineMs,
  heartbeatFrequencyMS: 2000,
});
