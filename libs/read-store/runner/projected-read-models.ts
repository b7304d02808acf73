import { VerbatimError } from '#platform';
import {
  type Collection,
  type CollectionSpec,
  type Filter,
  type Found,
  type Page,
  type ProjectableEvent,
  type Projection,
  type ProjectionBuild,
  type Query,
  ReadModels,
  type ReadOptions,
  type ReadStore,
  ReadStoreError,
} from '#read-store';
import { answers, type ProjectionBoard } from './projection-board.js';

export interface ReadModelsOptions {
  readonly projections: readonly Pick<Projection<ProjectableEvent>, 'name' | 'version' | 'collections'>[];
  /** Newest position this process has acknowledged to a caller. */
  readonly acknowledged: () => bigint;
  readonly waitMs?: number;
}

const RETRY_AFTER_SECONDS = 1;
/** A projection that is only a moment behind is not worth a question to the store. */
const GLANCE_MS = 100;

/** Queries on the live build of the projection that owns the collection, after it has passed the position asked for. */
export class ProjectedReadModels extends ReadModels {
  private readonly projections: ReadModelsOptions['projections'];
  private readonly owners: ReadonlyMap<string, ReadModelsOptions['projections'][number]>;
  private readonly acknowledged: () => bigint;
  private readonly waitMs: number;

  constructor(
    private readonly store: ReadStore,
    private readonly board: ProjectionBoard,
    options: ReadModelsOptions,
  ) {
    super();
    this.projections = options.projections;
    this.acknowledged = options.acknowledged;
    this.waitMs = options.waitMs ?? 5000;
    const owners = new Map<string, ReadModelsOptions['projections'][number]>();
    for (const projection of options.projections) {
      for (const { name } of projection.collections) {
        const other = owners.get(name);
        if (other) throw new Error(`The collection ${name} is declared by ${other.name} and by ${projection.name}.`);
        owners.set(name, projection);
      }
    }
    this.owners = owners;
  }

  async page<D extends object>(collection: Collection<D>, query: Query, options?: ReadOptions): Promise<Page<D>> {
    return this.store.page(await this.readable(collection, options), collection, query);
  }

  async find<D extends object>(
    collection: Collection<D>,
    query: Query,
    options?: ReadOptions,
  ): Promise<Page<D>['documents']> {
    return this.store.find(await this.readable(collection, options), collection, query);
  }

  async get<D extends object>(
    collection: Collection<D>,
    id: string,
    options?: ReadOptions,
  ): Promise<Found<D> | undefined> {
    const [document] = await this.find(collection, { filter: { _id: id }, limit: 1 }, options);
    return document;
  }

  async count<D extends object>(collection: Collection<D>, filter?: Filter, options?: ReadOptions): Promise<number> {
    return this.store.count(await this.readable(collection, options), collection, filter);
  }

  /** A build beside the live one may pass the deletion later: who drops the one that loses purges again. */
  async purge(deletedAt: bigint): Promise<void> {
    for (const { collections } of this.projections)
      for (const collection of collections) await this.readable(collection, { after: deletedAt });
    await this.store.purgeFreeSpace();
  }

  private async readable(collection: CollectionSpec, options: ReadOptions = {}): Promise<ProjectionBuild> {
    const projection = this.owners.get(collection.name);
    if (!projection)
      throw new ReadStoreError('invalid_query', `No projection declares the collection ${collection.name}.`);
    const { name } = projection;
    const { after = this.acknowledged() } = options;
    const glanceMs = Math.min(GLANCE_MS, this.waitMs);
    for (const waitMs of [glanceMs, this.waitMs - glanceMs]) {
      const ready = await this.board.until(name, waitMs, () => this.ready(projection, collection, after));
      if (ready) return ready;
      // Of a store that is away nothing comes, however long one waits: then this is what is thrown.
      await this.store.builds();
    }
    throw new VerbatimError('projection_lagging', `The read model ${name} is still behind; ask again in a moment.`, {
      retryAfter: RETRY_AFTER_SECONDS,
      details: { projection: name },
    });
  }

  /** The build to read now; undefined while it is worth waiting. */
  private ready(
    { name, version }: ReadModelsOptions['projections'][number],
    collection: CollectionSpec,
    after: bigint | 'anything',
  ): ProjectionBuild | undefined {
    const builds = this.board.of(name);
    const lives = builds.filter(({ state }) => state === 'live');
    // Until this code's own version is built, one that others may still bring on will do.
    const live = lives.find((build) => build.version === version) ?? lives.at(-1);
    if (live) return answers(live, collection) && (after === 'anything' || live.position >= after) ? live : undefined;
    // A build under way may yet take over within the time; with none, nobody will.
    if (builds.length && builds.every(({ state }) => state === 'stopped' || state === 'retired')) {
      throw new VerbatimError('projection_stopped', `The read model ${name} has stopped and needs an operator.`, {
        retryAfter: RETRY_AFTER_SECONDS,
        details: { projection: name },
      });
    }
    return undefined;
  }
}
