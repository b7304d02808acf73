import type { DocumentWrite, ProjectionBuild, Query, ReadStore, StoredBuild } from '#read-store';
import { type Sample, samples } from './random-queries.js';

/** What the cases of the contract work with. They share one store, as projections do, each with a build of its own. */
export class Given {
  private builds = 0;

  constructor(private readonly current: () => ReadStore) {}

  /** Only within a case: the store is opened before the first. */
  get store(): ReadStore {
    return this.current();
  }

  async freshBuild(): Promise<ProjectionBuild> {
    this.builds += 1;
    const build = { name: `case_${this.builds}`, version: 1, build: 1 };
    await this.store.prepare(build, [samples]);
    return build;
  }

  write(id: string, position: bigint, expected: bigint | null, body: Sample | null): DocumentWrite {
    return { collection: samples.name, id, position, expected, body };
  }

  async stateOf(build: ProjectionBuild): Promise<StoredBuild | undefined> {
    return (await this.store.builds()).find(
      ({ name, version, build: number }) => name === build.name && version === build.version && number === build.build,
    );
  }

  async ids(build: ProjectionBuild, query: Partial<Query> = {}): Promise<readonly string[]> {
    return (await this.store.find(build, samples, { limit: 100, ...query })).map(({ _id }) => _id);
  }
}
