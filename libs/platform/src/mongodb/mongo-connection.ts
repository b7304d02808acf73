import mongoose, { type Connection } from 'mongoose';
import { MongoUnavailable } from './failures.js';

export interface MongoConnectionOptions {
  readonly url: string;
  /** Where the URL names none. */
  readonly database?: string;
  /** How long a server may take to be found and to be reached; other limits follow from it. */
  readonly patienceMs?: number;
  /** How long the server may take over one answer. */
  readonly answerMs?: number;
}

const PATIENCE_MS = 5_000;
/** A server that is gone for longer is not waited for by any call: an election or a cut line may still be ridden out. */
const AWAY_AFTER_MS = 1_000;
const LOOK_MS = 1_000;

const databaseIn = (url: string): string | undefined => /^mongodb(?:\+srv)?:\/\/[^/]+\/([^?]+)/.exec(url)?.[1];

/**
 * The way to a MongoDB, the same for every store of the house. Writes are acknowledged by a majority and its journals, reads
 * go to the primary, nothing is buffered, and every wait has an end: what the stores promise does not depend on what the URL
 * says. The driver finds a server again by itself; once it has missed it for a second, calls fail at once instead of waiting.
 */
export class MongoConnection {
  private readonly underWay = new Set<(reason: Error) => void>();
  private missing: NodeJS.Timeout | undefined;
  /** Why nobody is asked at the moment. */
  private away: MongoUnavailable | undefined;
  private closed = false;

  private constructor(readonly mongoose: Connection) {}

  /** @throws MongoUnavailable, or the driver's own error: `unavailableReason` knows both */
  static async open(options: MongoConnectionOptions): Promise<MongoConnection> {
    const { url, patienceMs = PATIENCE_MS, answerMs = 2 * patienceMs } = options;
    const database = databaseIn(url) ?? options.database;
    const bare = mongoose.createConnection(url, {
      ...(database !== undefined && { dbName: database }),
      appName: 'verbatim',
      autoIndex: false,
      autoCreate: false,
      bufferCommands: false,
      promoteBuffers: true,
      readPreference: 'primary',
      writeConcern: { w: 'majority', journal: true, wtimeoutMS: 2 * patienceMs },
      serverSelectionTimeoutMS: patienceMs,
      connectTimeoutMS: patienceMs,
      waitQueueTimeoutMS: patienceMs,
      heartbeatFrequencyMS: LOOK_MS,
      socketTimeoutMS: answerMs,
      maxPoolSize: 20,
    });
    // Each call hears of its own trouble; without a listener an `error` event would end the process.
    bare.on('error', () => {});
    try {
      await bare.asPromise();
    } catch (error) {
      // Its monitors would go on looking for the server.
      await bare.destroy();
      throw error;
    }
    const connection = new MongoConnection(bare);
    connection.watch();
    return connection;
  }

  /** @throws MongoUnavailable when it is closed, away, or silent for `deadlineMs`; and what the work throws */
  async ask<Result>(work: () => Promise<Result>, deadlineMs?: number): Promise<Result> {
    if (this.closed) throw new MongoUnavailable('it is closed');
    if (this.away) throw this.away;
    const { promise, reject } = Promise.withResolvers<never>();
    this.underWay.add(reject);
    const late = (): void => reject(new MongoUnavailable(`no answer in ${deadlineMs} ms`));
    const timer = deadlineMs === undefined ? undefined : setTimeout(late, deadlineMs);
    try {
      return await Promise.race([work(), promise]);
    } finally {
      clearTimeout(timer);
      this.underWay.delete(reject);
    }
  }

  async close(): Promise<void> {
    this.closed = true;
    clearTimeout(this.missing);
    this.giveUp(new MongoUnavailable('it is closed'));
    await this.mongoose.close(true);
  }

  private watch(): void {
    this.mongoose.getClient().on('topologyDescriptionChanged', ({ newDescription: { servers } }) => {
      const known = [...servers.values()];
      if (known.some(({ isWritable }) => isWritable)) this.found();
      else this.miss(known.find(({ error }) => error)?.error?.message ?? 'no primary');
    });
  }

  private found(): void {
    clearTimeout(this.missing);
    this.missing = undefined;
    this.away = undefined;
  }

  private miss(why: string): void {
    if (this.closed || this.away) return;
    this.missing ??= setTimeout(() => {
      this.away = new MongoUnavailable(`no server answers (${why})`);
      this.giveUp(this.away);
    }, AWAY_AFTER_MS);
  }

  private giveUp(why: MongoUnavailable): void {
    for (const reject of this.underWay) reject(why);
  }
}
