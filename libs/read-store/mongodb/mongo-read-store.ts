import { randomBytes } from 'node:crypto';
import type { Connection } from 'mongoose';
import { MongoConnection } from '#platform/mongodb/index.js';
import {
  type BuildState,
  type Collection,
  type CollectionSpec,
  type DocumentWrite,
  type Filter,
  type Page,
  type ProjectionBuild,
  type Quarantine,
  type Query,
  ReadStore,
  ReadStoreError,
  type StoredBuild,
  type StoredDocument,
  sameFields,
} from '#read-store';
import { runsOf } from '../rules/documents.js';
import { assertNames, keyOf, unknownBuild } from '../rules/names.js';
import { BuildCollections, dropOrphans } from './build-collections.js';
import { BuildRecords, type KnownBuild } from './build-records.js';
import { Bulks } from './bulks.js';
import { countRecords, findRecords, loadRecords } from './document-reads.js';
import { recordRun, writeRun } from './document-writes.js';
import { asPortError, isDroppedMeanwhile } from './failures.js';
import type { RecordModel } from './models.js';
import { QuarantineRecords } from './quarantine-records.js';

export interface MongoReadStoreOptions {
  /** `mongodb://…` or `mongodb+srv://…`; its path names the database. */
  readonly url: string;
  /** How long a server may take to be found; the other time limits follow from it. */
  readonly patienceMs?: number;
}

/** Where the URL names no database. The operational store has one of its own: it is backed up, read models are not. */
const DATABASE = 'verbatim_read_models';
const PATIENCE_MS = 5_000;

const storedBuild = ({ incarnation, dropping, ...build }: KnownBuild): StoredBuild => build;

/** Read models in MongoDB, on a replica set or a single server: compare-and-set on positions takes the place of transactions. */
export class MongoReadStore extends ReadStore {
  private readonly records: BuildRecords;
  private readonly quarantines: QuarantineRecords;
  private readonly opened = new Map<string, BuildCollections>();

  private constructor(
    private readonly server: MongoConnection,
    private readonly bulks: Bulks,
  ) {
    super();
    this.records = new BuildRecords(this.connection);
    this.quarantines = new QuarantineRecords(this.connection);
  }

  /** @throws ReadStoreError unavailable when no server answers within seconds */
  static async open({ url, patienceMs = PATIENCE_MS }: MongoReadStoreOptions): Promise<MongoReadStore> {
    let server: MongoConnection | undefined;
    try {
      // A bulk of a large batch takes its time.
      server = await MongoConnection.open({ url, database: DATABASE, patienceMs, answerMs: 6 * patienceMs });
      const store = new MongoReadStore(server, await Bulks.on(server.mongoose));
      await store.quarantines.prepare();
      return store;
    } catch (error) {
      await server?.close();
      throw asPortError(error);
    }
  }

  prepare(build: ProjectionBuild, collections: readonly CollectionSpec[]): Promise<StoredBuild> {
    return this.asked(async () => {
      assertNames(build, collections);
      const plain = collections.map(({ name, fields, indexes }) => ({ name, fields, indexes }));
      const record = await this.begun(build, plain);
      if (!sameFields(record.collections, plain)) {
        const message = `${build.name}, version ${build.version}, declares other fields than when it was built.`;
        throw new ReadStoreError('invalid_projection', message);
      }
      const opened = new BuildCollections(this.connection, await this.records.declare(record, plain));
      await opened.create();
      this.opened.set(keyOf(build), opened);
      return storedBuild(opened.build);
    });
  }

  builds(): Promise<readonly StoredBuild[]> {
    return this.asked(async () => (await this.records.all()).filter(({ dropping }) => !dropping).map(storedBuild));
  }

  setState(build: ProjectionBuild, state: BuildState, reason?: string): Promise<void> {
    return this.asked(() => this.records.setState(build, state, reason ?? null));
  }

  load(
    build: ProjectionBuild,
    collection: string,
    ids: readonly string[],
  ): Promise<ReadonlyMap<string, StoredDocument>> {
    return this.asked(async () => loadRecords((await this.collectionsOf(build)).model(collection), ids));
  }

  /**
   * Documents are written in the order of their collections, one bulk each, and the checkpoint when all are there: whatever
   * a crash leaves out is found missing, and what it leaves in is passed by. A document that another projector has changed
   * ends it before anything is written that is computed from that one.
   */
  commit(build: ProjectionBuild, writes: readonly DocumentWrite[], checkpoint: bigint): Promise<void> {
    return this.asked(async () => {
      const opened = await this.collectionsOf(build);
      const runs = runsOf(build, opened.declared, writes).map(recordRun);
      for (const run of runs) await writeRun(this.bulks, opened.model(run.collection), run);
      if (await this.records.advance(opened.build, checkpoint)) return;
      this.forget(opened);
      await opened.drop();
      throw unknownBuild(build);
    });
  }

  quarantine(build: ProjectionBuild, entry: Quarantine): Promise<void> {
    return this.asked(async () => this.quarantines.put((await this.collectionsOf(build)).build, entry));
  }

  quarantined(build: ProjectionBuild): Promise<readonly Quarantine[]> {
    return this.asked(async () => this.quarantines.of((await this.collectionsOf(build)).build));
  }

  drop(build: ProjectionBuild): Promise<void> {
    return this.asked(async () => {
      const record = await this.records.find(build);
      if (record) await this.dropLife(record);
      await dropOrphans(this.connection, () => this.records.all());
    });
  }

  /**
   * Nothing to do here: a removed document's record keeps its id and position alone, and the space of what it was is
   * MongoDB's own, overwritten when it is used again.
   */
  async purgeFreeSpace(): Promise<void> {}

  /**
   * Without a snapshot the total is counted after the page was found: documents written in between are in it already. The
   * two never contradict each other: a page that is not full is where the documents end.
   */
  page<D extends object>(build: ProjectionBuild, collection: Collection<D>, query: Query): Promise<Page<D>> {
    return this.reading(
      build,
      collection,
      async (model) => {
        const documents = await findRecords(model, collection, query);
        const { limit, offset = 0 } = query;
        const seen = offset + documents.length;
        const lastPage = documents.length < limit && (documents.length > 0 || offset === 0);
        if (lastPage) return { documents, total: seen };
        const counted = await countRecords(model, collection, query.filter);
        return { documents, total: documents.length ? Math.max(counted, seen) : counted };
      },
      ({ documents, total }) => documents.length === 0 || total === 0,
    );
  }

  find<D extends object>(
    build: ProjectionBuild,
    collection: Collection<D>,
    query: Query,
  ): Promise<Page<D>['documents']> {
    return this.reading(
      build,
      collection,
      (model) => findRecords(model, collection, query),
      (documents) => documents.length === 0,
    );
  }

  count(build: ProjectionBuild, collection: CollectionSpec, filter?: Filter): Promise<number> {
    return this.reading(
      build,
      collection,
      (model) => countRecords(model, collection, filter),
      (total) => total === 0,
    );
  }

  close(): Promise<void> {
    return this.server.close();
  }

  private get connection(): Connection {
    return this.server.mongoose;
  }

  private async begun(build: ProjectionBuild, collections: readonly CollectionSpec[]): Promise<KnownBuild> {
    for (;;) {
      const record = await this.records.find(build);
      if (record && !record.dropping) return record;
      if (record) await this.dropLife(record);
      await this.records.begin(build, randomBytes(12).toString('hex'), collections);
    }
  }

  /** Each step again after a crash in between; nobody is shown the build from the first one on. */
  private async dropLife(record: KnownBuild): Promise<void> {
    this.opened.delete(keyOf(record));
    await this.records.markDropping(record);
    await new BuildCollections(this.connection, record).drop();
    await this.quarantines.remove(record);
    await this.records.remove(record);
  }

  private async collectionsOf(build: ProjectionBuild): Promise<BuildCollections> {
    const known = this.opened.get(keyOf(build));
    if (known) return known;
    const record = await this.records.find(build);
    if (!record || record.dropping) throw unknownBuild(build);
    const opened = new BuildCollections(this.connection, record);
    this.opened.set(keyOf(build), opened);
    return opened;
  }

  /**
   * To MongoDB a collection that is not there is an empty one. So before it is said that there is nothing, it is made sure
   * that the build was not dropped, perhaps by another process; where it was begun again, that one is read.
   */
  private reading<Result>(
    build: ProjectionBuild,
    collection: CollectionSpec,
    read: (model: RecordModel) => Promise<Result>,
    isNothing: (result: Result) => boolean,
  ): Promise<Result> {
    return this.asked(async () => {
      for (;;) {
        const opened = await this.collectionsOf(build);
        const result = await read(opened.model(collection.name)).catch((error: unknown) => {
          if (isDroppedMeanwhile(error)) return undefined;
          throw error;
        });
        if (result !== undefined && !isNothing(result)) return result;
        if ((await this.records.stands(opened.build)) && result !== undefined) return result;
        this.forget(opened);
      }
    });
  }

  private forget(opened: BuildCollections): void {
    if (this.opened.get(keyOf(opened.build)) === opened) this.opened.delete(keyOf(opened.build));
    opened.forget();
  }

  private async asked<Result>(work: () => Promise<Result>): Promise<Result> {
    try {
      return await this.server.ask(work);
    } catch (error) {
      throw asPortError(error);
    }
  }
}
