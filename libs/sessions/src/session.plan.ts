/** What a session takes over from its assessment and keeps: later edits do not reach it. */
export interface SessionPlan {
  /** Revision of the assessment that was read; the `assessmentVersion` of the snapshot is one more, as callers count. */
  readonly assessmentRevision: number;
  readonly rubricVersion: number | null;
  /** Whether the submission asks for a score by itself. Plans from before there were scorers do not say: then it does not. */
  readonly autoScore?: boolean;
  /** 0: no setup phase. */
  readonly setupTimeMinutes: number;
  /** At least one; an assessment without phases is one phase of its task time. */
  readonly phases: readonly PlannedPhase[];
  readonly candidatePermissions: Readonly<Record<string, boolean>>;
}

export interface PlannedPhase {
  readonly name: string | null;
  readonly timeMinutes: number;
}

/** The AI configuration at one moment: a fold of the stream, never a look at today's settings. */
export interface ConfigSnapshot {
  readonly snapshotId: string;
  readonly skills: readonly ConfigSkill[];
  readonly memory: readonly { readonly id: string; readonly sha256: string | null }[];
  readonly agentsMd: { readonly sha256: string | null };
  readonly connectors: readonly { readonly id: string; readonly type: string | null }[];
  /** The model that answered last; null when none did. */
  readonly model: { readonly provider: string | null; readonly id: string | null } | null;
  readonly candidatePermissions: Readonly<Record<string, boolean>>;
  readonly assessmentVersion: number;
  readonly rubricVersion: number | null;
  readonly deliverables: readonly SubmittedDeliverable[];
  /** Seq of the submission: scorers read the stream up to here. */
  readonly atSeq: number;
}

export interface ConfigSkill {
  readonly id: string;
  readonly name: string | null;
  readonly enabled: boolean;
  readonly sha256: string | null;
}

/** What a phase left behind when it was submitted; its content is an artifact under the session. */
export interface SubmittedDeliverable {
  readonly phaseIndex: number;
  readonly artifactId: string;
  readonly sha256: string;
}
