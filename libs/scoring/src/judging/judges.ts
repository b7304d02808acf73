import type { VerbatimConfig } from '#platform';
import type { Judges } from './judge.js';
import { LlmJudge } from './llm/llm-judge.js';
import { offlineJudge } from './offline/offline-judge.js';

/** Runs of one criterion may differ by a quarter of its points before a human is asked to look. */
const SPREAD_BOUND = 0.25;

/** The LLM judge where one is set up, else the offline judge. Made once in a process: its bound on requests at a time is shared. */
export const judgesFrom = ({
  scoringModel,
  scoringRuns,
}: Pick<VerbatimConfig, 'scoringModel' | 'scoringRuns'>): Judges => ({
  judge: scoringModel ? new LlmJudge(scoringModel) : offlineJudge,
  runs: scoringRuns,
  spreadBound: SPREAD_BOUND,
});
