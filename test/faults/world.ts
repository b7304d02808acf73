import { randomInt } from 'node:crypto';
import { type EventStoreDbEventStore, openEventStoreDb } from '#event-store/eventstoredb/index.js';
import { NodeProcess } from '#event-store/eventstoredb/testing/node-process.js';
import { seeded } from '../crash/rounds.js';
import { TcpProxy, type Weather } from './tcp-proxy.js';

/** Rough enough that every story meets every trouble, calm enough that it comes to an end. */
export const STORM: Weather = { cut: 0.01, drop: 0.003, delayMs: 4, duplicate: 0.3 };

/** Deadlines of a client that is not willing to wait as long as in production. */
const IMPATIENT = { tryMs: 400, wholeMs: 6_000, connectMs: 3_000, readMs: 1_500 };

/** Our own node in its own process, a proxy before it, and clients on either way. */
export class World implements AsyncDisposable {
  private readonly stores: EventStoreDbEventStore[] = [];

  private constructor(
    readonly seed: number,
    readonly random: () => number,
    readonly node: NodeProcess,
    readonly proxy: TcpProxy,
  ) {}

  static async make(story: string): Promise<World> {
    const seed = Number(process.env['VERBATIM_FAULT_SEED'] || randomInt(2 ** 31));
    console.info(`${story}: VERBATIM_FAULT_SEED=${seed}`);
    const random = seeded(seed);
    const node = await NodeProcess.start();
    return new World(seed, random, node, await TcpProxy.to(node.tcpPort, random));
  }

  /** Through the weather. */
  async client(): Promise<EventStoreDbEventStore> {
    return this.keep(await openEventStoreDb({ url: this.proxy.url, patience: IMPATIENT }));
  }

  /** Past it: for what is to be looked at afterwards. */
  async witness(): Promise<EventStoreDbEventStore> {
    return this.keep(await openEventStoreDb({ url: this.node.connectionString }));
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.proxy.calm();
    await Promise.all(this.stores.map((store) => store.close()));
    await this.proxy[Symbol.asyncDispose]();
    await this.node[Symbol.asyncDispose]();
  }

  private keep(store: EventStoreDbEventStore): EventStoreDbEventStore {
    this.stores.push(store);
    return store;
  }
}
