import { setTimeout as sleep } from 'node:timers/promises';
import type { Fact, FactCodec } from '#event-sourcing';
import type { EventStore } from '#event-store';
import type { Leases } from '#ops-store';
import { Rounds } from '#platform';
import type { Projection, ReadStore, StoredBuild } from '#read-store';
import {
  BoardPoller,
  type ProjectionBoard,
  ProjectionBuilds,
  type ProjectionRunner,
  type ProjectionStatus,
  statusOf,
  storedStatuses,
} from '#read-store/runner/index.js';
import { isAbort } from './backoff.js';
import { Lane } from './lane.js';

/** What runs beside the projections, under the same lease: the policies, the scheduler. */
export interface ProjectorCompanion {
  start(): Promise<void> | void;
  /** Finishes what is under way. */
  stop(): Promise<void>;
}

export interface ProjectorParts {
  readonly log: EventStore;
  readonly codec: Pick<FactCodec, 'decodeAll'>;
  readonly store: ReadStore;
  readonly board: ProjectionBoard;
  readonly leases: Leases;
  readonly projections: readonly Projection<Fact>[];
  readonly companions: readonly ProjectorCompanion[];
  readonly trouble: (what: string, error: Error) => void;
}

export interface ProjectorOptions {
  /**
   * Who holds the lease. Where a lock already keeps a second process out (embedded), the same name for every life of the
   * process: the lease of one that was killed is then simply its own.
   */
  readonly holder: string;
  readonly leaseMs?: number;
  /**
   * Where other processes read from the same store: how long after an event its position is stored at the latest, also
   * when it changed no document. Their readers wait for that.
   */
  readonly publishMs?: number;
  /** How long a retired build is kept for queries under way. */
  readonly keepRetiredMs?: number;
}

export interface ProjectorStatus {
  /** It holds the lease. */
  readonly active: boolean;
  /** Each projection of this code has a build that is read (or has stopped), whichever process projects it. */
  readonly built: boolean;
  readonly head: bigint;
  readonly projections: readonly ProjectionStatus[];
}

const LEASE = 'projector';

/** The log -> read models: one active projector, by a lease; that two do no harm rests on compare-and-set. */
export class Projector {
  private readonly lanes = new Set<Lane>();
  private readonly timers = new Set<NodeJS.Timeout>();
  private readonly ending = new AbortController();
  private readonly leaseMs: number;
  private readonly poller: BoardPoller;
  private readonly publishing: Rounds | undefined;
  private builds: ProjectionBuilds<Fact> | undefined;
  /** Another process holds the lease. */
  private isElsewhere = false;
  /** Where the log ended when this process came: lists that lack something of before are not shown to anybody. */
  private since: bigint | undefined;
  private ended: Promise<void> | undefined;

  constructor(
    private readonly parts: ProjectorParts,
    private readonly options: ProjectorOptions,
  ) {
    this.leaseMs = options.leaseMs ?? 15_000;
    this.poller = new BoardPoller(parts.store, parts.board, {
      trouble: (error) => parts.trouble('following the projections', error),
    });
    // What cannot be stored now is stored by the next round; of a store in trouble the lanes tell.
    if (options.publishMs !== undefined)
      this.publishing = new Rounds(
        options.publishMs,
        () => this.publish(),
        () => {},
      );
  }

  start(): void {
    this.ended ??= this.run();
  }

  /** Drains: batches under way are finished, checkpoints written, the lease given back. */
  async stop(): Promise<void> {
    this.ending.abort();
    await this.ended;
  }

  async status(): Promise<ProjectorStatus> {
    const { log, store, projections: declared } = this.parts;
    const head = await log.head();
    let projections: readonly ProjectionStatus[] = [];
    if (this.builds) projections = this.builds.running.map((runner) => statusOf(runner, head));
    else if (this.isElsewhere) projections = await storedStatuses(store, declared, head);
    const { since } = this;
    const isDone = ({ state, position }: ProjectionStatus): boolean =>
      state === 'stopped' || (state === 'live' && since !== undefined && position >= since);
    const done = new Set(projections.filter(isDone).map(({ name }) => name));
    return {
      active: this.builds !== undefined,
      built: declared.every(({ name }) => done.has(name)),
      head,
      projections,
    };
  }

  /** Builds the same version anew beside the running one, which it replaces when it has caught up. */
  async rebuild(name: string): Promise<ProjectionStatus> {
    if (!this.builds) throw new Error('This process holds no lease to project: ask the one that does.');
    const { runner, started } = await this.builds.rebuild(name);
    if (started) this.openLane([runner]);
    return statusOf(runner, await this.parts.log.head());
  }

  private async run(): Promise<void> {
    const { signal } = this.ending;
    const { leases, trouble } = this.parts;
    while (!signal.aborted) {
      try {
        this.since ??= await this.parts.log.head();
        const held = await leases.acquire(LEASE, this.options.holder, this.leaseMs);
        this.isElsewhere = !held;
        if (held && !this.builds) await this.begin();
        if (!held && this.builds) await this.end();
      } catch (error) {
        // The lease only keeps two from doing the same work: while it cannot be asked for, work goes on.
        trouble('the projector', error as Error);
      }
      if (!this.builds) this.poller.start();
      const pause = this.builds ? this.leaseMs / 3 : Math.min(this.leaseMs / 3, 1_000);
      await sleep(pause, undefined, { signal }).catch(() => {});
    }
    await this.end();
    await this.poller.stop();
    await leases.release(LEASE, this.options.holder).catch((error: Error) => trouble('giving back the lease', error));
  }

  private async begin(): Promise<void> {
    const { log, store, board, projections, companions, trouble } = this.parts;
    await this.poller.stop();
    const builds = new ProjectionBuilds<Fact>(store, board, projections);
    for (const { name } of await builds.dropBeyond(() => log.head()))
      trouble(`projection ${name}`, new Error('It was made from a longer log than this one, and is built anew.'));
    const runners = await builds.open();
    this.builds = builds;
    try {
      const live = runners.filter(({ build }) => build.state === 'live');
      this.openLane(live);
      this.openLane(runners.filter((runner) => !live.includes(runner)));
      for (const build of await builds.retired()) this.dropLater(build);
      this.publishing?.start();
      for (const companion of companions) await companion.start();
    } catch (error) {
      await this.end();
      throw error;
    }
  }

  private async end(): Promise<void> {
    for (const timer of this.timers) clearTimeout(timer);
    this.timers.clear();
    for (const companion of this.parts.companions) await companion.stop();
    await this.publishing?.stop();
    for (const lane of this.lanes) await lane.stop();
    this.lanes.clear();
    this.builds = undefined;
  }

  private async publish(): Promise<void> {
    await Promise.all((this.builds?.running ?? []).map((runner) => runner.flush()));
  }

  private openLane(runners: readonly ProjectionRunner<Fact>[]): void {
    if (!runners.length) return;
    const { log, codec, trouble } = this.parts;
    this.lanes.add(new Lane({ log, codec, trouble, caughtUp: (runner) => this.takeOver(runner) }, runners));
  }

  private async takeOver(runner: ProjectionRunner<Fact>): Promise<void> {
    const builds = this.builds;
    if (!builds) return;
    await builds.takeOver(runner);
    for (const build of await builds.retired()) {
      if (build.name === runner.build.name) this.dropLater(build);
    }
  }

  private dropLater(build: StoredBuild): void {
    const timer = setTimeout(() => {
      this.timers.delete(timer);
      this.drop(build).catch((error: Error) => {
        if (!isAbort(error, this.ending.signal)) this.parts.trouble(`dropping an old build of ${build.name}`, error);
      });
    }, this.options.keepRetiredMs ?? 60_000);
    timer.unref();
    this.timers.add(timer);
  }

  private async drop(build: StoredBuild): Promise<void> {
    const runner = this.builds?.find(build);
    for (const lane of this.lanes) if (runner) await lane.remove(runner);
    await this.builds?.drop(build);
    // Of a session deleted meanwhile either build may have left traces in the file.
    await this.parts.store.purgeFreeSpace();
  }
}
