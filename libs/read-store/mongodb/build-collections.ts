import type { Connection } from 'mongoose';
import { type CollectionSpec, ReadStoreError } from '#read-store';
import { keyOf } from '../rules/names.js';
import type { KnownBuild } from './build-records.js';
import { isAbsent } from './failures.js';
import { modelOf, type RecordModel } from './models.js';

/** `collection.projection.version.build.incarnation`. */
const OURS = /^[a-z][a-z0-9_]*\.[a-z][a-z0-9_]*\.\d+\.\d+\.([0-9a-f]{24})$/;

const nameOf = (build: KnownBuild, collection: string): string => `${collection}.${keyOf(build)}.${build.incarnation}`;

/** The collections of a build, under names that no other build and no other life of this one has. */
export class BuildCollections {
  private readonly specs: ReadonlyMap<string, CollectionSpec>;

  constructor(
    private readonly connection: Connection,
    readonly build: KnownBuild,
  ) {
    this.specs = new Map(build.collections.map((spec) => [spec.name, spec]));
  }

  get declared(): ReadonlyMap<string, CollectionSpec> {
    return this.specs;
  }

  model(collection: string): RecordModel {
    const spec = this.specs.get(collection);
    if (spec) return modelOf(this.connection, nameOf(this.build, collection), spec);
    throw new ReadStoreError('unknown_build', `${keyOf(this.build)} has no collection ${collection}.`);
  }

  /** What is missing of collections and indexes. */
  async create(): Promise<void> {
    // A model that was made before the indexes were declared would not know them.
    this.forget();
    for (const collection of this.specs.keys()) {
      const model = this.model(collection);
      await model.createCollection();
      await model.createIndexes();
    }
  }

  async drop(): Promise<void> {
    for (const collection of this.specs.keys()) {
      await dropCollection(this.connection, nameOf(this.build, collection));
    }
    this.forget();
  }

  /** The connection keeps every model it was ever asked for. */
  forget(): void {
    for (const collection of this.specs.keys()) {
      const name = nameOf(this.build, collection);
      if (this.connection.models[name]) this.connection.deleteModel(name);
    }
  }
}

/**
 * A projector that does not know yet that its build was dropped makes a collection again by writing to it, and may die
 * before it learns. Looked for in this order: a build's record is written before its collections are.
 */
export const dropOrphans = async (
  connection: Connection,
  builds: () => Promise<readonly KnownBuild[]>,
): Promise<void> => {
  const names = (await connection.listCollections()).map(({ name }) => name);
  const known = new Set((await builds()).map(({ incarnation }) => incarnation));
  for (const name of names) {
    const incarnation = OURS.exec(name)?.[1];
    if (incarnation && !known.has(incarnation)) await dropCollection(connection, name);
  }
};

const dropCollection = async (connection: Connection, name: string): Promise<void> => {
  try {
    await connection.dropCollection(name);
  } catch (error) {
    if (!isAbsent(error)) throw error;
  }
};
