import {
  type BuildState,
  type ProjectableEvent,
  type Projection,
  type ProjectionBuild,
  type Quarantine,
  type ReadStore,
  type StoredBuild,
  sameFields,
} from '#read-store';
import type { ProjectionRunner } from './projection-runner.js';

export interface ProjectionStatus extends ProjectionBuild {
  readonly state: BuildState;
  /** Why it stopped; null unless it did. */
  readonly reason: string | null;
  readonly position: bigint;
  readonly head: bigint;
  readonly behind: bigint;
  readonly quarantined: readonly Quarantine[];
  /** 0 to 1, by positions. */
  readonly progress: number;
}

export const statusOf = <Event extends ProjectableEvent>(
  runner: ProjectionRunner<Event>,
  head: bigint,
): ProjectionStatus => status(runner.build, runner.position, runner.quarantined, head);

/** Of the builds that this code can go on with, as whoever projects them has stored them; but for those known better. */
export const storedStatuses = async (
  store: ReadStore,
  projections: readonly Pick<Projection<ProjectableEvent>, 'name' | 'version' | 'collections'>[],
  head: bigint,
  isKnown: (build: ProjectionBuild) => boolean = () => false,
): Promise<readonly ProjectionStatus[]> => {
  const builds = await store.builds();
  const ours = projections.flatMap(({ name, version, collections }) =>
    builds.filter(
      (build) =>
        build.name === name &&
        build.version === version &&
        build.state !== 'retired' &&
        !isKnown(build) &&
        sameFields(build.collections, collections),
    ),
  );
  return Promise.all(ours.map(async (build) => status(build, build.checkpoint, await store.quarantined(build), head)));
};

const status = (
  { name, version, build, state, stoppedReason }: StoredBuild,
  position: bigint,
  quarantined: readonly Quarantine[],
  head: bigint,
): ProjectionStatus => {
  const behind = head > position ? head - position : 0n;
  const progress = head === 0n ? 1 : Number(head - behind) / Number(head);
  return { name, version, build, state, reason: stoppedReason, position, head, behind, quarantined, progress };
};
