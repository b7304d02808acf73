import { mkdir, open } from 'node:fs/promises';
import { join } from 'node:path';
import { type Checkpoints, type Deliveries, type Leases, OpsStore } from '#ops-store';
import { BufferedLastUse } from '../sealed/buffered-last-use.js';
import { DataKeyRing } from '../sealed/data-key-ring.js';
import { MasterKeys } from '../sealed/master-keys.js';
import { NamedFailures } from '../sealed/named-failures.js';
import type { Blobs } from '../sealed/records.js';
import { SealedAnswers } from '../sealed/sealed-answers.js';
import { SealedArtifacts } from '../sealed/sealed-artifacts.js';
import { SealedSalts } from '../sealed/sealed-salts.js';
import { FileBlobs, MemoryBlobs } from './blobs.js';
import { answersIn, recordsIn } from './database-records.js';
import { OpsDatabase } from './ops-database.js';

export interface EmbeddedOpsStoreOptions {
  /** Holds `ops.db` and `artifacts/`; undefined: all in memory, for tests. */
  readonly dataDir?: string;
  /** VERBATIM_SECRET. */
  readonly secret: string;
  /** Pages of 4 KiB, for tests of a full disk. */
  readonly maxPages?: number;
  /** Told of trouble that is ridden out inside. */
  readonly report?: (error: unknown) => void;
}

/** One SQLite file and a folder of blobs. One process at a time uses them (the event log's lock sees to that). */
export class EmbeddedOpsStore extends OpsStore {
  readonly keys: DataKeyRing;
  readonly artifacts: SealedArtifacts;
  readonly idempotency: SealedAnswers;
  readonly lastUse: BufferedLastUse;
  readonly salts: SealedSalts;
  readonly failures: NamedFailures;

  private constructor(
    private readonly database: OpsDatabase,
    blobs: Blobs,
    master: MasterKeys,
  ) {
    super();
    const records = recordsIn(database);
    this.keys = new DataKeyRing(records, master);
    this.artifacts = new SealedArtifacts(blobs, this.keys, master);
    this.idempotency = new SealedAnswers(answersIn(database), this.keys, master);
    this.lastUse = new BufferedLastUse(records);
    this.salts = new SealedSalts(records, master);
    this.failures = new NamedFailures(records, master);
  }

  /** @throws WrongSecretError | VerbatimError storage_unavailable */
  static async open(options: EmbeddedOpsStoreOptions): Promise<EmbeddedOpsStore> {
    const { dataDir, secret, maxPages, report = () => {} } = options;
    if (dataDir !== undefined) await mkdir(dataDir, { recursive: true, mode: 0o700 });
    const path = dataDir === undefined ? ':memory:' : await ownersFile(join(dataDir, 'ops.db'));
    const database = await OpsDatabase.open({ path, ...(maxPages === undefined ? {} : { maxPages }) }, report);
    try {
      const master = new MasterKeys(secret);
      await master.recognise((check) => database.ask('obtainFact', 'key check', check));
      const blobs = dataDir === undefined ? new MemoryBlobs() : await FileBlobs.open(join(dataDir, 'artifacts'));
      return new EmbeddedOpsStore(database, blobs, master);
    } catch (error) {
      await database.close();
      throw error;
    }
  }

  readonly checkpoints: Checkpoints = {
    load: async (name) => {
      const text = await this.database.ask('loadCheckpoint', name);
      return text === undefined ? undefined : BigInt(text);
    },
    save: (name, position) => this.database.ask('saveCheckpoint', name, position),
  };

  readonly deliveries: Deliveries = {
    add: (delivery) => this.database.ask('addDelivery', delivery),
    update: (id, change) => this.database.ask('updateDelivery', id, change),
    due: (now, limit, target) => this.database.ask('dueDeliveries', now, limit, target),
    dueTargets: (now, limit) => this.database.ask('dueTargets', now, limit),
    headOf: (lane) => this.database.ask('headOfLane', lane),
    find: (id) => this.database.ask('findDelivery', id),
    list: (orgId, page) => this.database.ask('listDeliveries', orgId, page),
    deleteFor: (subject) => this.database.ask('deleteDeliveriesFor', subject),
  };

  readonly leases: Leases = {
    acquire: (name, holder, ttlMs) => this.database.ask('acquireLease', name, holder, ttlMs),
    release: (name, holder) => this.database.ask('releaseLease', name, holder),
  };

  purgeFreeSpace(): Promise<void> {
    return this.database.purge();
  }

  async close(): Promise<void> {
    await this.lastUse.flush().catch(() => {});
    await this.database.close();
  }
}

/** SQLite gives its write-ahead log the rights of the database file, and would make that one for all to read. */
const ownersFile = async (path: string): Promise<string> => {
  const file = await open(path, 'a', 0o600);
  await file.close();
  return path;
};
