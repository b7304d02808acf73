import type { Collection, CollectionSpec, Filter, Page, Query, Scalar } from './collections.js';

/** A projection's version: its collections live under names of their own, so versions stand side by side. */
export interface ProjectionVersion {
  readonly name: string;
  readonly version: number;
}

export interface StoredDocument {
  readonly id: string;
  /** Position of the event that last changed it. */
  readonly position: bigint;
  /** Null: deleted at `position`, and kept so that an older event cannot bring it back. */
  readonly body: Readonly<Record<string, unknown>> | null;
  /** Its stream is quarantined: shown with this mark. */
  readonly stale?: boolean;
}

export interface DocumentWrite extends StoredDocument {
  readonly collection: string;
  /** Compare-and-set: the position it had when loaded; null when it was absent. */
  readonly expected: bigint | null;
}

export interface ProjectionState {
  readonly checkpoint: bigint;
  readonly state: 'building' | 'live' | 'retired' | 'stopped';
  readonly stoppedReason: string | null;
}

/** A compare-and-set lost: another projector wrote; load again and go on from there. */
export class ConcurrentProjectionError extends Error {
  constructor(readonly documentId: string) {
    super(`Document ${documentId} was changed by another projector.`);
    this.name = 'ConcurrentProjectionError';
  }
}

/** Read models: disposable. Writing is for the runner alone; rooms use {@link ReadModels}. */
export abstract class ReadStore {
  /** Creates what is missing of tables and indexes and the state (`building` at 0n). Repeatable. */
  abstract prepare(projection: ProjectionVersion, collections: readonly CollectionSpec[]): Promise<ProjectionState>;
  abstract states(): Promise<readonly (ProjectionVersion & ProjectionState)[]>;
  /** `live` retires the other versions of the name. */
  abstract setState(projection: ProjectionVersion, state: ProjectionState['state'], reason?: string): Promise<void>;
  /** Absent ids are absent in the map; gone documents are in it with `body: null`. */
  abstract load(
    projection: ProjectionVersion,
    collection: string,
    ids: readonly string[],
  ): Promise<ReadonlyMap<string, StoredDocument>>;
  /**
   * Writes in the order given, the checkpoint last; embedded, all in one transaction. Documents whose stored position is
   * already ≥ the new one are left. @throws ConcurrentProjectionError
   */
  abstract commit(projection: ProjectionVersion, writes: readonly DocumentWrite[], checkpoint: bigint): Promise<void>;
  abstract quarantine(projection: ProjectionVersion, stream: string, position: bigint, reason: string): Promise<void>;
  abstract quarantined(
    projection: ProjectionVersion,
  ): Promise<ReadonlyMap<string, { position: bigint; reason: string }>>;
  /** Drops every table and state of that version. */
  abstract drop(projection: ProjectionVersion): Promise<void>;
  /** Nothing of removed documents is left in files, free pages or write-ahead logs. */
  abstract purgeFreeSpace(): Promise<void>;

  abstract query<D extends object>(
    projection: ProjectionVersion,
    collection: Collection<D>,
    query: Query,
  ): Promise<Page<D>>;
  abstract count(projection: ProjectionVersion, collection: CollectionSpec, filter?: Filter): Promise<number>;
  abstract close(): Promise<void>;
}

/** What rooms read through: always the live version, after the caller's own writes. */
export abstract class ReadModels {
  /** @throws VerbatimError projection_stopped | projection_lagging when the projection does not reach `after` within 5 s */
  abstract page<D extends object>(collection: Collection<D>, query: Query, options?: ReadOptions): Promise<Page<D>>;
  abstract find<D extends object>(
    collection: Collection<D>,
    query: Query,
    options?: ReadOptions,
  ): Promise<Page<D>['documents']>;
  abstract get<D extends object>(
    collection: Collection<D>,
    id: string,
    options?: ReadOptions,
  ): Promise<(D & { readonly _id: string }) | undefined>;
  abstract count<D extends object>(collection: Collection<D>, filter?: Filter, options?: ReadOptions): Promise<number>;
}

export interface ReadOptions {
  /** Wait until the projector has passed this position. Default: the newest position this process has acknowledged. */
  readonly after?: bigint | 'anything';
}

export type { Scalar };
