import {
  type ProjectableEvent,
  type Projection,
  type ProjectionBuild,
  type ReadStore,
  type StoredBuild,
  sameFields,
} from '#read-store';
import type { ProjectionBoard } from './projection-board.js';
import { ProjectionRunner, type RunnerOptions, sameBuild } from './projection-runner.js';

/** Which builds of the house's projections exist, which of them run, and which one readers see. */
export class ProjectionBuilds<Event extends ProjectableEvent> {
  private readonly runners = new Set<ProjectionRunner<Event>>();

  constructor(
    private readonly store: ReadStore,
    private readonly board: ProjectionBoard,
    private readonly projections: readonly Projection<Event>[],
    private readonly options: RunnerOptions = {},
  ) {
    const names = new Set(projections.map(({ name }) => name));
    if (names.size !== projections.length) throw new Error('Two projections have the same name.');
  }

  /**
   * Before `open`: drops what was made from a log that came further than this one does, as it is after a restore from a
   * backup. Such a build would pass over all that is written until the log is as long again. Answers what was dropped.
   * The head is asked for after the builds: another process that still projects may be bringing them on.
   */
  async dropBeyond(askHead: () => Promise<bigint>): Promise<readonly StoredBuild[]> {
    const builds = await this.store.builds();
    const head = await askHead();
    const beyond = builds.filter(({ checkpoint }) => checkpoint > head);
    for (const build of beyond) await this.drop(build);
    return beyond;
  }

  /**
   * Runners for all that this code can project. A projection whose version (or whose declared fields) the store does not
   * have starts a new build; the old one goes on being read, as it stands, until that has caught up.
   */
  async open(): Promise<readonly ProjectionRunner<Event>[]> {
    const stored = await this.store.builds();
    for (const projection of this.projections) {
      const builds = stored.filter(({ name }) => name === projection.name);
      for (const build of builds) this.board.report({ ...build, position: build.checkpoint });
      const usable = builds.filter(
        (build) =>
          build.state !== 'retired' &&
          build.version === projection.version &&
          sameFields(build.collections, projection.collections),
      );
      const live = usable.find(({ state }) => state === 'live');
      // Of builds under way only the newest counts: an older one was given up when that was begun.
      const newest = usable.at(-1);
      if (live) await this.run(projection, live);
      if (newest && newest !== live) await this.run(projection, newest);
      if (!newest) await this.begin(projection, builds);
    }
    return [...this.runners];
  }

  get running(): readonly ProjectionRunner<Event>[] {
    return [...this.runners];
  }

  find(build: ProjectionBuild): ProjectionRunner<Event> | undefined {
    return this.running.find((runner) => sameBuild(runner.build, build));
  }

  /** Builds of this code's versions that somebody asked for since: newer than what runs. */
  async openAsked(): Promise<readonly ProjectionRunner<Event>[]> {
    const stored = await this.store.builds();
    const opened: ProjectionRunner<Event>[] = [];
    for (const projection of this.projections) {
      const { name, version } = projection;
      const known = this.running.flatMap(({ build }) => (build.name === name ? [build.build] : []));
      const asked = stored.findLast(
        (one) => one.name === name && one.version === version && one.state === 'building' && !known.includes(one.build),
      );
      if (asked && asked.build > Math.max(0, ...known)) opened.push(await this.start(projection, asked));
    }
    return opened;
  }

  /** Readers see this build from now on. The retired ones are still there for queries under way, until dropped. */
  async takeOver(runner: ProjectionRunner<Event>): Promise<void> {
    await runner.setState('live');
    for (const build of await this.store.builds()) {
      if (isOther(build, runner.build) && build.state === 'retired') {
        this.board.report({ ...build, position: build.checkpoint });
      }
    }
    for (const other of this.runners) {
      if (isOther(other.build, runner.build)) other.noteRetired();
    }
  }

  /** Nobody needs them any more: this code's own are live. Those of other versions, while no process projects them. */
  async superseded(): Promise<readonly StoredBuild[]> {
    const stored = await this.store.builds();
    const lives = this.running.map(({ build }) => build).filter(({ state }) => state === 'live');
    return stored.filter(
      (build) =>
        build.state === 'retired' ||
        lives.some(({ name, version }) => name === build.name && version !== build.version),
    );
  }

  async drop(build: StoredBuild): Promise<void> {
    const runner = this.find(build);
    if (runner) this.runners.delete(runner);
    this.board.forget(build);
    await this.store.drop(build);
  }

  private async begin(projection: Projection<Event>, builds: readonly StoredBuild[]): Promise<ProjectionRunner<Event>> {
    const numbers = builds.filter(({ version }) => version === projection.version).map(({ build }) => build);
    const { name, version, collections } = projection;
    const build = await this.store.prepare({ name, version, build: Math.max(0, ...numbers) + 1 }, collections);
    return this.start(projection, build);
  }

  /** A build that had stopped tries again: what stopped it may be mended in this code, and else it stops again. */
  private async run(projection: Projection<Event>, build: StoredBuild): Promise<void> {
    const prepared = await this.store.prepare(build, projection.collections);
    const runner = await this.start(projection, prepared);
    if (prepared.state === 'stopped') await runner.setState('building');
  }

  private async start(projection: Projection<Event>, build: StoredBuild): Promise<ProjectionRunner<Event>> {
    const runner = await ProjectionRunner.start(this.store, this.board, projection, build, this.options);
    this.runners.add(runner);
    return runner;
  }
}

const isOther = (a: ProjectionBuild, b: ProjectionBuild): boolean =>
  a.name === b.name && a.version === b.version && a.build !== b.build;
