import { OpsStore } from '#ops-store';
import { BufferedLastUse } from '../sealed/buffered-last-use.js';
import { DataKeyRing } from '../sealed/data-key-ring.js';
import { MasterKeys } from '../sealed/master-keys.js';
import { NamedFailures } from '../sealed/named-failures.js';
import { SealedAnswers } from '../sealed/sealed-answers.js';
import { SealedArtifacts } from '../sealed/sealed-artifacts.js';
import { SealedSalts } from '../sealed/sealed-salts.js';
import { GridBlobs } from './grid-blobs.js';
import { type Models, modelsOf, prepareCollections } from './models.js';
import { MongoAnswers } from './mongo-answers.js';
import { MongoCheckpoints } from './mongo-checkpoints.js';
import { MongoDeliveries } from './mongo-deliveries.js';
import { MongoFailures } from './mongo-failures.js';
import { MongoLeases } from './mongo-leases.js';
import { MongoRecords } from './mongo-records.js';
import { MongoServer, type MongoServerOptions } from './mongo-server.js';

/** How long a process believes that a key it asked for still lives; a destruction takes as long (see DataKeyRing). */
const TRUST_MS = 250;

export interface MongoOpsStoreOptions extends MongoServerOptions {
  /** VERBATIM_SECRET. */
  readonly secret: string;
}

/** A database of its own on a replica set or a single server, shared by any number of processes. No transactions. */
export class MongoOpsStore extends OpsStore {
  readonly keys: DataKeyRing;
  readonly artifacts: SealedArtifacts;
  readonly idempotency: SealedAnswers;
  readonly checkpoints: MongoCheckpoints;
  readonly lastUse: BufferedLastUse;
  readonly deliveries: MongoDeliveries;
  readonly salts: SealedSalts;
  readonly failures: NamedFailures;
  readonly leases: MongoLeases;

  private constructor(
    private readonly server: MongoServer,
    models: Models,
    records: MongoRecords,
    private readonly blobs: GridBlobs,
    master: MasterKeys,
  ) {
    super();
    this.keys = new DataKeyRing(records, master, TRUST_MS);
    this.artifacts = new SealedArtifacts(blobs, this.keys, master);
    this.idempotency = new SealedAnswers(new MongoAnswers(server, models), this.keys, master);
    this.checkpoints = new MongoCheckpoints(server, models);
    this.lastUse = new BufferedLastUse(records);
    this.deliveries = new MongoDeliveries(server, models);
    this.salts = new SealedSalts(records, master);
    this.failures = new NamedFailures(new MongoFailures(server, models), master);
    this.leases = new MongoLeases(server, models);
  }

  /** @throws WrongSecretError | VerbatimError storage_unavailable */
  static async open({ secret, ...options }: MongoOpsStoreOptions): Promise<MongoOpsStore> {
    const server = await MongoServer.connect(options);
    try {
      const models = modelsOf(server.connection);
      await server.ask(() => prepareCollections(models));
      const master = new MasterKeys(secret);
      const records = new MongoRecords(server, models);
      await master.recognise((check) => records.obtainFact('key check', check));
      return new MongoOpsStore(server, models, records, await GridBlobs.open(server, models), master);
    } catch (error) {
      await server.close();
      throw error;
    }
  }

  /**
   * Less than the embedded store promises. Artifacts that died half-written are cleared away here. What the server itself
   * keeps of deleted documents (free pages of its files until they are used again, its journal, the oplog of a replica set
   * until it is full) no client can wipe; the wrapped key in them opens with `VERBATIM_SECRET` alone. See docs/operations.md.
   */
  purgeFreeSpace(): Promise<void> {
    return this.blobs.removeUnfinished();
  }

  async close(): Promise<void> {
    await this.lastUse.flush().catch(() => {});
    await this.server.close();
  }
}
