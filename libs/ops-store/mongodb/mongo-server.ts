import type { Connection } from 'mongoose';
import { MongoConnection, type MongoConnectionOptions } from '#platform/mongodb/index.js';
import { reported } from './faults.js';

/** Without one the driver would take `test`. */
const NAMES_DATABASE = /^mongodb(\+srv)?:\/\/[^/]+\/[^/?]+/;
/** A call that got no answer by then is given up, whatever the driver hopes for. */
const DEADLINE_MS = 10_000;

export interface MongoServerOptions {
  /** Names the database. */
  readonly url: string;
  readonly deadlineMs?: number;
}

/** The connection of the operational store: its trouble is the error that callers know, in bounded time. */
export class MongoServer {
  private constructor(
    private readonly server: MongoConnection,
    private readonly deadlineMs: number,
  ) {}

  /** @throws VerbatimError storage_unavailable */
  static async connect({ url, deadlineMs = DEADLINE_MS }: MongoServerOptions): Promise<MongoServer> {
    if (!NAMES_DATABASE.test(url))
      throw new Error('The URL of the operational store must name its database: mongodb://host/name.');
    // A server that is away is said to be away well before the call's own deadline.
    const options: MongoConnectionOptions = { url, patienceMs: deadlineMs / 2, answerMs: deadlineMs };
    return new MongoServer(await reported(MongoConnection.open(options)), deadlineMs);
  }

  get connection(): Connection {
    return this.server.mongoose;
  }

  /** @throws VerbatimError storage_unavailable */
  ask<Result>(work: () => Promise<Result>, deadlineMs = this.deadlineMs): Promise<Result> {
    return reported(this.server.ask(work, deadlineMs));
  }

  /** The database's clock, in whole milliseconds since 1970: `hello` tells it on every kind of server (`$$NOW` not on all). */
  now(): Promise<number> {
    return this.ask(async () => {
      const { localTime } = await this.connection.db!.command({ hello: 1 });
      return (localTime as Date).getTime();
    });
  }

  close(): Promise<void> {
    return this.server.close();
  }
}
