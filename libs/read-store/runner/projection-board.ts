import type { CollectionSpec, ProjectionBuild, StoredBuild } from '#read-store';

/** What readers need to know of a build: how far it is, and whether it may be read. */
export type BuildProgress = Pick<StoredBuild, 'state' | 'stoppedReason' | 'collections'> &
  ProjectionBuild & { readonly position: bigint };

/**
 * Where every build of every projection is, kept by who projects (or by who polls the store, in a process that does not)
 * and watched by who reads: a query waits here for its own write, without asking the store.
 */
export class ProjectionBoard {
  private readonly builds = new Map<string, Map<string, BuildProgress>>();
  private readonly watchers = new Map<string, Set<() => void>>();
  private readonly waitListeners = new Set<() => void>();

  report(progress: BuildProgress): void {
    const builds = this.builds.get(progress.name) ?? new Map<string, BuildProgress>();
    this.builds.set(progress.name, builds.set(keyOf(progress), progress));
    this.wake(progress.name);
  }

  advance(build: ProjectionBuild, position: bigint): void {
    const known = this.builds.get(build.name)?.get(keyOf(build));
    if (known && position > known.position) this.report({ ...known, position });
  }

  forget(build: ProjectionBuild): void {
    this.builds.get(build.name)?.delete(keyOf(build));
    this.wake(build.name);
  }

  /**
   * The builds as the store has them, but for those that this process itself projects: of them it knows better. What the
   * store has no more is forgotten.
   */
  follow(stored: readonly StoredBuild[], isProjectedHere: (build: ProjectionBuild) => boolean): void {
    for (const build of [...this.builds.values()].flatMap((builds) => [...builds.values()]))
      if (!isProjectedHere(build) && !stored.some((one) => one.name === build.name && keyOf(one) === keyOf(build)))
        this.forget(build);
    for (const { checkpoint, ...build } of stored) {
      if (isProjectedHere(build)) continue;
      const known = this.builds.get(build.name)?.get(keyOf(build));
      if (known?.position !== checkpoint || known.state !== build.state)
        this.report({ ...build, position: checkpoint });
    }
  }

  /** Somebody waits for a projection to come further. */
  get isAwaited(): boolean {
    return [...this.watchers.values()].some(({ size }) => size > 0);
  }

  /** Tells of everybody who begins to wait, until the function it answers is called. */
  onWait(listener: () => void): () => void {
    this.waitListeners.add(listener);
    return () => void this.waitListeners.delete(listener);
  }

  of(name: string): readonly BuildProgress[] {
    return [...(this.builds.get(name)?.values() ?? [])];
  }

  /** Calls `look` now and at every change of the projection, until it answers something or the time is over. */
  async until<Answer>(name: string, milliseconds: number, look: () => Answer | undefined): Promise<Answer | undefined> {
    const atOnce = look();
    if (atOnce !== undefined) return atOnce;
    const watchers = this.watchers.get(name) ?? new Set();
    this.watchers.set(name, watchers);
    const { promise, resolve, reject } = Promise.withResolvers<Answer | undefined>();
    const watch = (): void => {
      try {
        const answer = look();
        if (answer !== undefined) resolve(answer);
      } catch (error) {
        reject(error);
      }
    };
    const timer = setTimeout(() => resolve(undefined), milliseconds);
    watchers.add(watch);
    for (const listener of this.waitListeners) listener();
    try {
      return await promise;
    } finally {
      clearTimeout(timer);
      watchers.delete(watch);
    }
  }

  private wake(name: string): void {
    for (const watch of this.watchers.get(name) ?? []) watch();
  }
}

const keyOf = ({ version, build }: ProjectionBuild): string => `${version}.${build}`;

/** Whether queries against `declared` can be answered from what a build has stored under that name. */
export const answers = (build: BuildProgress, declared: CollectionSpec): boolean => {
  const stored = build.collections.find(({ name }) => name === declared.name);
  return (
    stored !== undefined && Object.entries(declared.fields).every(([field, type]) => stored.fields[field] === type)
  );
};
