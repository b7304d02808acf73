import type { BuildState, ProjectableEvent, ProjectionBuild, Quarantine } from '#read-store';
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
): ProjectionStatus => {
  const { name, version, build, state, stoppedReason } = runner.build;
  const { position, quarantined } = runner;
  const behind = head > position ? head - position : 0n;
  const progress = head === 0n ? 1 : Number(head - behind) / Number(head);
  return { name, version, build, state, reason: stoppedReason, position, head, behind, quarantined, progress };
};
