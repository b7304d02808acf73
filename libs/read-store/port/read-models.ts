import type { Collection, Filter, Found, Page, Query } from './collections.js';

export interface ReadOptions {
  /** Wait until the projector has passed this position. Default: the newest position this process has acknowledged. */
  readonly after?: bigint | 'anything';
}

/** What rooms read through: always the live version, after the caller's own writes. @throws ReadStoreError when the store is away */
export abstract class ReadModels {
  /** @throws VerbatimError projection_stopped | projection_lagging when the projection does not reach `after` within 5 s */
  abstract page<D extends object>(collection: Collection<D>, query: Query, options?: ReadOptions): Promise<Page<D>>;
  /** Like {@link page}, without the cost of the total. */
  abstract find<D extends object>(
    collection: Collection<D>,
    query: Query,
    options?: ReadOptions,
  ): Promise<Page<D>['documents']>;
  abstract get<D extends object>(
    collection: Collection<D>,
    id: string,
    options?: ReadOptions,
  ): Promise<Found<D> | undefined>;
  abstract count<D extends object>(collection: Collection<D>, filter?: Filter, options?: ReadOptions): Promise<number>;
  /**
   * Once all that is read here has passed a deletion: nothing of what it removed is left in free space or write-ahead
   * logs, as far as `ReadStore.purgeFreeSpace` promises. Repeatable.
   * @throws VerbatimError projection_stopped | projection_lagging
   */
  abstract purge(deletedAt: bigint): Promise<void>;
}
