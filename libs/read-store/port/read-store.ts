import type { Collection, CollectionSpec, Filter, Page, Query } from './collections.js';

/** One build of a projection: its collections live under names of their own, so builds stand side by side. */
export interface ProjectionBuild {
  readonly name: string;
  readonly version: number;
  /** Tells builds of one version apart: 1, and one more with each rebuild. */
  readonly build: number;
}

export type BuildState = 'building' | 'live' | 'retired' | 'stopped';

export interface StoredBuild extends ProjectionBuild {
  readonly collections: readonly CollectionSpec[];
  readonly state: BuildState;
  readonly stoppedReason: string | null;
  /** Everything up to here is in the documents. */
  readonly checkpoint: bigint;
}

export interface StoredDocument {
  readonly id: string;
  /** Position of the event that last changed it. */
  readonly position: bigint;
  /** Null: deleted at `position`, and kept so that an older event cannot bring it back. */
  readonly body: object | null;
  /** Its stream is quarantined: shown with this mark. */
  readonly stale?: boolean;
}

export interface DocumentWrite extends StoredDocument {
  readonly collection: string;
  /** Compare-and-set: the position it had when loaded; null when it was absent. */
  readonly expected: bigint | null;
}

export interface Quarantine {
  readonly stream: string;
  /** Of the first event that could not be projected. */
  readonly position: bigint;
  readonly reason: string;
}

/** Read models: disposable. Writing is for the runner alone; rooms use `ReadModels`. @throws ReadStoreError */
export abstract class ReadStore {
  /** Creates what is missing of tables and indexes, and the state (`building` at 0n). Repeatable. */
  abstract prepare(build: ProjectionBuild, collections: readonly CollectionSpec[]): Promise<StoredBuild>;
  abstract builds(): Promise<readonly StoredBuild[]>;
  /** `live` retires the other builds of that version: processes of another version may still read theirs. */
  abstract setState(build: ProjectionBuild, state: BuildState, reason?: string): Promise<void>;
  /** Absent ids are absent in the map; gone documents are in it with `body: null`. */
  abstract load(
    build: ProjectionBuild,
    collection: string,
    ids: readonly string[],
  ): Promise<ReadonlyMap<string, StoredDocument>>;
  /**
   * Writes in the order given, the checkpoint last; embedded, all in one transaction. A document that does not stand at the
   * position it is expected at is left, whatever it has seen. The checkpoint never moves backwards. @throws ConcurrentProjectionError
   */
  abstract commit(build: ProjectionBuild, writes: readonly DocumentWrite[], checkpoint: bigint): Promise<void>;
  /** A stream quarantined before stays so from the lower of both positions. */
  abstract quarantine(build: ProjectionBuild, entry: Quarantine): Promise<void>;
  abstract quarantined(build: ProjectionBuild): Promise<readonly Quarantine[]>;
  /** Drops every table and state of that build. Repeatable. */
  abstract drop(build: ProjectionBuild): Promise<void>;
  /**
   * Overwrites what removed documents left in free space, and cuts write-ahead logs. No more is promised, since an engine
   * may leave stray copies of rows it has moved: read models hold references and counts, never contents.
   */
  abstract purgeFreeSpace(): Promise<void>;

  abstract page<D extends object>(build: ProjectionBuild, collection: Collection<D>, query: Query): Promise<Page<D>>;
  abstract find<D extends object>(
    build: ProjectionBuild,
    collection: Collection<D>,
    query: Query,
  ): Promise<Page<D>['documents']>;
  abstract count(build: ProjectionBuild, collection: CollectionSpec, filter?: Filter): Promise<number>;
  abstract close(): Promise<void>;
}
