import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { WorkerClient, type WorkerOptions } from '#platform/sqlite/index.js';
import {
  type BuildState,
  type Collection,
  type CollectionSpec,
  type DocumentWrite,
  type Filter,
  type Found,
  type Page,
  type ProjectionBuild,
  type Quarantine,
  type Query,
  ReadStore,
  ReadStoreError,
  type StoredBuild,
  type StoredDocument,
} from '#read-store';
import { keyOf } from '../rules/names.js';
import { asPortError } from './failures.js';
import { damageMark, removeSetAside } from './open-file.js';
import { countSql, findSql } from './query-sql.js';
import type { FoundRow, ReadMethods } from './read-methods.js';
import { tableWrites } from './rows.js';
import type { WriterMethods } from './writer.worker.js';

export interface EmbeddedReadStoreOptions {
  /** The data directory, or `:memory:`. */
  readonly directory: string;
  /** Told what somebody should know: a file set aside, read models built anew. */
  readonly report?: (notice: string, error?: Error) => void;
}

/** Read models in one SQLite file: one thread writes, another answers queries meanwhile. */
export class EmbeddedReadStore extends ReadStore {
  private readonly collections = new Map<string, ReadonlyMap<string, CollectionSpec>>();

  private constructor(
    private readonly path: string,
    private readonly writer: WorkerClient<WriterMethods>,
    private readonly reader: WorkerClient<ReadMethods>,
    private readonly report: NonNullable<EmbeddedReadStoreOptions['report']>,
  ) {
    super();
  }

  /** @throws ReadStoreError foreign_file */
  static async open({ directory, report = () => {} }: EmbeddedReadStoreOptions): Promise<EmbeddedReadStore> {
    const path = directory === ':memory:' ? directory : join(directory, 'read-models.db');
    const worker = (file: string) => new URL(file, import.meta.url);
    const isInMemory = directory === ':memory:';
    const following = (successor: object): WorkerOptions => ({
      ...(!isInMemory && { successor }),
      report: (error) => report('The read models ride out trouble.', asPortError(error)),
    });
    try {
      const writer = await WorkerClient.start<WriterMethods>(
        worker('./writer.worker.js'),
        'read-models-writer',
        { path, isSuccessor: false },
        following({ path, isSuccessor: true }),
      );
      for (const notice of await writer.call('notices')) report(notice);
      const reader = isInMemory
        ? (writer as unknown as WorkerClient<ReadMethods>)
        : await WorkerClient.start<ReadMethods>(
            worker('./reader.worker.js'),
            'read-models-reader',
            { path },
            following({ path }),
          );
      return new EmbeddedReadStore(path, writer, reader, report);
    } catch (error) {
      throw asPortError(error);
    }
  }

  async prepare(build: ProjectionBuild, collections: readonly CollectionSpec[]): Promise<StoredBuild> {
    const plain = collections.map(({ name, fields, indexes }) => ({ name, fields, indexes }));
    const stored = await this.asked(this.writer.call('prepare', build, plain));
    this.collections.set(keyOf(build), new Map(plain.map((collection) => [collection.name, collection])));
    return stored;
  }

  builds(): Promise<readonly StoredBuild[]> {
    return this.asked(this.writer.call('builds'));
  }

  setState(build: ProjectionBuild, state: BuildState, reason?: string): Promise<void> {
    return this.asked(this.writer.call('setState', build, state, reason ?? null));
  }

  async load(
    build: ProjectionBuild,
    collection: string,
    ids: readonly string[],
  ): Promise<ReadonlyMap<string, StoredDocument>> {
    const rows = await this.asked(this.writer.call('load', build, collection, ids));
    return new Map(
      rows.map(([id, position, stale, body]) => {
        const document = { id, position, body: body === null ? null : (JSON.parse(body) as object) };
        return [id, stale ? { ...document, stale: true } : document];
      }),
    );
  }

  async commit(build: ProjectionBuild, writes: readonly DocumentWrite[], checkpoint: bigint): Promise<void> {
    const collections = this.collections.get(keyOf(build));
    if (!collections) throw new ReadStoreError('unknown_build', `${keyOf(build)} was not prepared here.`);
    await this.asked(this.writer.call('commit', build, tableWrites(build, collections, writes), checkpoint));
  }

  quarantine(build: ProjectionBuild, entry: Quarantine): Promise<void> {
    return this.asked(this.writer.call('quarantine', build, entry));
  }

  quarantined(build: ProjectionBuild): Promise<readonly Quarantine[]> {
    return this.asked(this.writer.call('quarantined', build));
  }

  async drop(build: ProjectionBuild): Promise<void> {
    this.collections.delete(keyOf(build));
    while (await this.asked(this.writer.call('dropStep', build)));
  }

  /**
   * `secure_delete` has overwritten the cells themselves. Measured: of 500 removed documents that had grown and shrunk
   * before, none to five could still be found as copies in unused parts of pages; only VACUUM, which stops all writing for
   * seconds, would take those.
   */
  async purgeFreeSpace(): Promise<void> {
    if (this.path === ':memory:') return;
    removeSetAside(this.path);
    await this.asked(this.writer.call('purge'));
  }

  async page<D extends object>(build: ProjectionBuild, collection: Collection<D>, query: Query): Promise<Page<D>> {
    const find = findSql(build, collection, query);
    const count = countSql(build, collection, query.filter);
    const { rows, total } = await this.asked(this.reader.call('page', find, count, query.limit, query.offset ?? 0));
    return { documents: rows.map((row) => found<D>(row)), total };
  }

  async find<D extends object>(
    build: ProjectionBuild,
    collection: Collection<D>,
    query: Query,
  ): Promise<Page<D>['documents']> {
    const rows = await this.asked(this.reader.call('find', findSql(build, collection, query)));
    return rows.map((row) => found<D>(row));
  }

  async count(build: ProjectionBuild, collection: CollectionSpec, filter?: Filter): Promise<number> {
    return this.asked(this.reader.call('count', countSql(build, collection, filter)));
  }

  async close(): Promise<void> {
    await this.reader.close();
    await this.writer.close();
  }

  private async asked<Result>(answer: Promise<Result>): Promise<Result> {
    try {
      return await answer;
    } catch (thrown) {
      const error = asPortError(thrown);
      if (error instanceof ReadStoreError && error.code === 'corrupt') this.markDamaged(error);
      throw error;
    }
  }

  /** The file cannot be swapped under open connections: the mark has the next start set it aside. */
  private markDamaged(error: ReadStoreError): void {
    if (this.path === ':memory:') return;
    writeFileSync(damageMark(this.path), `${error.message}\n`);
    this.report(`${this.path} is damaged: restart to have the read models built anew. ${error.message}`);
  }
}

const found = <D extends object>([id, stale, body]: FoundRow): Found<D> => {
  const document = { ...(JSON.parse(body) as D), _id: id };
  return stale ? { ...document, _stale: true } : document;
};
