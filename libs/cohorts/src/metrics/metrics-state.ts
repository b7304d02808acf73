import type { Side } from '#sessions';

/** Of the newest edits: when each node was edited last, by a digest of its name. */
export type RecentEdits = Readonly<Record<string, number>>;

/** What is carried from fact to fact of one session: whole numbers and moments (ms), so that nothing is ever rounded. */
export interface MetricsState {
  readonly taskStartedAt: number | null;
  readonly submittedAt: number | null;
  readonly prompts: number;
  readonly commands: number;
  readonly failedCommands: number;
  readonly verifications: number;
  readonly bundles: number;
  /** The AI changed something and the candidate has not acted since. */
  readonly bundleOpen: boolean;
  /** The AI answered and nothing was changed since: a source opened now is looked up to verify the answer. */
  readonly answerUnused: boolean;
  readonly candidateChanges: number;
  readonly aiChanges: number;
  readonly recentEdits: Readonly<Record<Side, RecentEdits>>;
  /** Null before any change; `before_task`: in the setup phase, until the task starts. */
  readonly firstChangeAt: number | 'before_task' | null;
  readonly lastTest: 'passed' | 'not_passed' | null;
}

export const initialMetrics: MetricsState = {
  taskStartedAt: null,
  submittedAt: null,
  prompts: 0,
  commands: 0,
  failedCommands: 0,
  verifications: 0,
  bundles: 0,
  bundleOpen: false,
  answerUnused: false,
  candidateChanges: 0,
  aiChanges: 0,
  recentEdits: { candidate: {}, ai: {} },
  firstChangeAt: null,
  lastTest: null,
};
