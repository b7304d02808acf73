/** What a metric is, for whoever must defend a number in front of a person. */
export interface MetricDefinition {
  /** As percentiles and sessions name it. */
  readonly name: string;
  /** Its name among a cohort's means. */
  readonly cohortName: string;
  readonly formula: string;
  readonly unit: 'milliseconds' | 'count' | 'ratio' | 'percent';
  /** `max` null: there is no upper bound. */
  readonly range: { readonly min: number; readonly max: number | null };
  readonly nullRule: string;
  /** What makes a percentile grow. It says "higher than", never "better than"; null: there is no percentile. */
  readonly direction: 'higher' | 'lower' | null;
}

/** Grows when a definition changes: numbers of different versions are not compared. */
export const METRICS_VERSION = 1;

export const METRIC_DEFINITIONS: readonly MetricDefinition[] = [
  {
    name: 'durationMs',
    cohortName: 'avgDurationMs',
    formula:
      'Submission minus start of the task by the server clock, pauses included. When the clock submitted, its deadline is the submission.',
    unit: 'milliseconds',
    range: { min: 0, max: null },
    nullRule: 'Null until the session is submitted.',
    direction: 'higher',
  },
  {
    name: 'promptCount',
    cohortName: 'avgPromptCount',
    formula:
      'Messages of the candidate to the AI (user_message of kind prompt, which is the default) that are not empty, in all phases.',
    unit: 'count',
    range: { min: 0, max: null },
    nullRule: 'Never null.',
    direction: 'higher',
  },
  {
    name: 'commandFailRate',
    cohortName: 'avgCommandFailRate',
    formula:
      'Commands that failed (not ok, or an exit code other than 0) divided by all commands run, by the candidate or the AI. Tests are left out: red tests are normal work.',
    unit: 'ratio',
    range: { min: 0, max: 1 },
    nullRule: 'Null when no command was run.',
    direction: 'lower',
  },
  {
    name: 'verifyIntensity',
    cohortName: 'avgVerifyIntensity',
    formula:
      'Verifications divided by bundles of AI changes. A verification is a test run, a command that lints, type-checks or builds, or a source document or inbox item opened after an answer of the AI and before the next change. A bundle is a run of AI changes without an action of the candidate in between.',
    unit: 'ratio',
    range: { min: 0, max: null },
    nullRule: 'Null when the AI changed nothing.',
    direction: 'higher',
  },
  {
    name: 'manualEditRatio',
    cohortName: 'avgManualEditRatio',
    formula:
      'Changes by the candidate divided by changes by the candidate and the AI. Edits on the same node by the same side less than two seconds apart are one; slides, sections and files added, removed or moved count one by one.',
    unit: 'ratio',
    range: { min: 0, max: 1 },
    nullRule: 'Null when nothing was changed.',
    direction: 'higher',
  },
  {
    name: 'firstChangeLatencyMs',
    cohortName: 'avgFirstChangeLatencyMs',
    formula:
      'Time of the first change by anyone minus start of the task. The time is what the client said, but not before the task and not after the server received it.',
    unit: 'milliseconds',
    range: { min: 0, max: null },
    nullRule: 'Null when nothing was changed, or the task was never started.',
    direction: 'higher',
  },
  {
    name: 'testPassRate',
    cohortName: 'testPassRate',
    formula:
      'Of the sessions that ran tests, the share whose last test run had no failed and at least one passed test, times 100. A single session has 100 or 0.',
    unit: 'percent',
    range: { min: 0, max: 100 },
    nullRule: 'Null when no test was run.',
    direction: null,
  },
];
