import { createHash } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Fact, FactCodec } from '#event-sourcing';
import type { EventStore } from '#event-store';
import type { Leases } from '#ops-store';
import { Rounds } from '#platform';
import type { Projection, ProjectionBuild, ReadStore, StoredBuild } from '#read-store';
import {
  askForRebuild,
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
import { SupersededBuilds } from './superseded-builds.js';

/** What runs beside the projections, in one process whatever its version: the policies, the scheduler. */
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
   * Who holds the leases. Where a lock already keeps a second process out (embedded), the same name for every life of the
   * process: the lease of one that was killed is then simply its own.
   */
  readonly holder: string;
  readonly leaseMs?: number;
  /**
   * Where other processes read from the same store: how long after an event its position is stored at the latest, also
   * when it changed no document. Their readers wait for that.
   */
  readonly publishMs?: number;
  /** How long a build that was replaced is kept for queries under way. */
  readonly keepRetiredMs?: number;
}

export interface ProjectorStatus {
  /** It projects. */
  readonly active: boolean;
  /** Each projection of this code has a build that is read (or has stopped), whichever process projects it. */
  readonly built: boolean;
  readonly head: bigint;
  readonly projections: readonly ProjectionStatus[];
}

/** Held by the process whose companions run. */
const LEASE = 'projector';

/**
 * The log -> read models: one active projector of each version of the code, by a lease, so that a new version's lists are
 * built while processes of the old one still keep up theirs. What both have they both bring on: that two do no harm rests on
 * compare-and-set.
 */
export class Projector {
  private readonly lanes = new Set<Lane>();
  private readonly ending = new AbortController();
  /** Ends the pause between two rounds. */
  private nudge = new AbortController();
  private readonly leaseMs: number;
  private readonly lease: string;
  private readonly superseded: SupersededBuilds;
  private readonly poller: BoardPoller;
  private readonly publishing: Rounds | undefined;
  private builds: ProjectionBuilds<Fact> | undefined;
  private areCompanionsRunning = false;
  /** Of all releases' processes: this one runs its companions. */
  private isFirst = false;
  /** Somebody dropped a build that this process projects. */
  private isBuildLost = false;
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
    this.lease = leaseOf(parts.projections);
    this.superseded = new SupersededBuilds({
      log: parts.log,
      store: parts.store,
      keepMs: options.keepRetiredMs ?? 60_000,
      isShared: options.publishMs !== undefined,
      drop: (build) => this.drop(build),
      trouble: ({ name }, error) => {
        if (!isAbort(error, this.ending.signal)) parts.trouble(`dropping an old build of ${name}`, error);
      },
    });
    this.poller = new BoardPoller(parts.store, parts.board, {
      isProjectedHere: (build) => this.builds?.find(build) !== undefined,
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

  /** Drains: batches under way are finished, checkpoints written, the leases given back. */
  async stop(): Promise<void> {
    this.ending.abort();
    await this.ended;
  }

  async status(): Promise<ProjectorStatus> {
    const { log, store, projections: declared } = this.parts;
    const head = await log.head();
    const { builds } = this;
    const running = (builds?.running ?? []).filter(({ build }) => build.state !== 'retired');
    const isKnown = (build: ProjectionBuild): boolean => builds?.find(build) !== undefined;
    const stored = builds || this.isElsewhere ? await storedStatuses(store, declared, head, isKnown) : [];
    const projections = [...running.map((runner) => statusOf(runner, head)), ...stored];
    const { since } = this;
    const isDone = ({ state, position }: ProjectionStatus): boolean =>
      state === 'stopped' || (state === 'live' && since !== undefined && position >= since);
    const done = new Set(projections.filter(isDone).map(({ name }) => name));
    return {
      active: builds !== undefined,
      built: declared.every(({ name }) => done.has(name)),
      head,
      projections,
    };
  }

  /**
   * Has projections of this code built anew beside the running ones, which they replace when they have caught up: by
   * whichever process projects them. What is being built already is not begun again. Answers how they stand.
   */
  async rebuild(names: readonly string[]): Promise<readonly ProjectionStatus[]> {
    const { log, store, projections } = this.parts;
    for (const projection of projections) if (names.includes(projection.name)) await askForRebuild(store, projection);
    this.nudge.abort();
    const statuses = await storedStatuses(store, projections, await log.head());
    return statuses.filter(({ name, state }) => names.includes(name) && state === 'building');
  }

  get names(): readonly string[] {
    return this.parts.projections.map(({ name }) => name);
  }

  private async run(): Promise<void> {
    const { signal } = this.ending;
    const { leases, trouble } = this.parts;
    const { holder } = this.options;
    while (!signal.aborted) {
      this.nudge = new AbortController();
      try {
        this.since ??= await this.parts.log.head();
        const held = await leases.acquire(this.lease, holder, this.leaseMs);
        this.isElsewhere = !held;
        if (!held || this.isBuildLost) await this.end();
        if (held) await this.goOn();
        else await this.letOthersBeFirst();
      } catch (error) {
        // The leases only keep two from doing the same work: while they cannot be asked for, work goes on.
        trouble('the projector', error as Error);
      }
      await this.followOthers();
      const pause = this.areCompanionsRunning ? this.leaseMs / 3 : Math.min(this.leaseMs / 3, 1_000);
      await sleep(pause, undefined, { signal: AbortSignal.any([signal, this.nudge.signal]) }).catch(() => {});
    }
    await this.end();
    await this.poller.stop();
    for (const lease of [LEASE, this.lease])
      await leases.release(lease, holder).catch((error: Error) => trouble('giving back a lease', error));
  }

  private async goOn(): Promise<void> {
    if (this.builds) this.openLane(await this.builds.openAsked());
    else await this.begin();
    this.isFirst = await this.parts.leases.acquire(LEASE, this.options.holder, this.leaseMs);
    if (this.isFirst) await this.startCompanions();
    else await this.stopCompanions();
  }

  private async letOthersBeFirst(): Promise<void> {
    if (this.isFirst) await this.parts.leases.release(LEASE, this.options.holder);
    this.isFirst = false;
  }

  /** As long as something is read here that this process does not project itself. */
  private async followOthers(): Promise<void> {
    const running = this.builds?.running ?? [];
    const live = new Set(running.filter(({ build }) => build.state === 'live').map(({ build }) => build.name));
    if (this.parts.projections.every(({ name }) => live.has(name))) await this.poller.stop();
    else this.poller.start();
  }

  private async begin(): Promise<void> {
    const { log, store, board, projections, trouble } = this.parts;
    const builds = new ProjectionBuilds<Fact>(store, board, projections);
    for (const { name } of await builds.dropBeyond(() => log.head()))
      trouble(`projection ${name}`, new Error('It was made from a longer log than this one, and is built anew.'));
    const runners = await builds.open();
    this.builds = builds;
    try {
      const live = runners.filter(({ build }) => build.state === 'live');
      this.openLane(live);
      this.openLane(runners.filter((runner) => !live.includes(runner)));
      await this.superseded.dropLater(await builds.superseded());
      this.publishing?.start();
    } catch (error) {
      await this.end();
      throw error;
    }
  }

  private async end(): Promise<void> {
    this.superseded.stop();
    await this.stopCompanions();
    await this.publishing?.stop();
    for (const lane of this.lanes) await lane.stop();
    this.lanes.clear();
    this.builds = undefined;
    this.isBuildLost = false;
  }

  private async startCompanions(): Promise<void> {
    if (this.areCompanionsRunning) return;
    this.areCompanionsRunning = true;
    try {
      for (const companion of this.parts.companions) await companion.start();
    } catch (error) {
      await this.stopCompanions();
      throw error;
    }
  }

  private async stopCompanions(): Promise<void> {
    if (!this.areCompanionsRunning) return;
    for (const companion of this.parts.companions) await companion.stop();
    this.areCompanionsRunning = false;
  }

  private async publish(): Promise<void> {
    await Promise.all((this.builds?.running ?? []).map((runner) => runner.flush()));
  }

  private openLane(runners: readonly ProjectionRunner<Fact>[]): void {
    if (!runners.length) return;
    const { log, codec, trouble } = this.parts;
    const caughtUp = (runner: ProjectionRunner<Fact>): Promise<void> => this.takeOver(runner);
    const lost = (): void => {
      this.isBuildLost = true;
    };
    this.lanes.add(new Lane({ log, codec, trouble, caughtUp, lost }, runners));
  }

  private async takeOver(runner: ProjectionRunner<Fact>): Promise<void> {
    const builds = this.builds;
    if (!builds) return;
    await builds.takeOver(runner);
    await this.superseded.dropLater(await builds.superseded());
  }

  private async drop(build: StoredBuild): Promise<void> {
    const runner = this.builds?.find(build);
    for (const lane of this.lanes) if (runner) await lane.remove(runner);
    await this.builds?.drop(build);
    // Of a session deleted meanwhile either build may have left traces in the file.
    await this.parts.store.purgeFreeSpace();
  }
}

/** The same for all processes of one version of the code. */
const leaseOf = (projections: readonly Projection<Fact>[]): string => {
  const versions = projections.map(({ name, version }) => `${name} ${version}`).toSorted();
  return `${LEASE} ${createHash('sha256').update(versions.join('\n')).digest('hex').slice(0, 16)}`;
};
