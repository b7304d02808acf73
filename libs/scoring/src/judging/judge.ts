import type { CaseFile } from './case/case-file.js';
import type { Abstention, Evidence, FollowUpQuestion, JudgeKind, TokenUsage } from './judgement.js';
import type { ScoredCriterion } from './rubric-reading.js';

/** What a judge says of one criterion, once. */
export interface JudgeAnswer {
  /** Share of the points; null: see `abstained`. */
  readonly fraction: number | null;
  readonly evidence: readonly Evidence[];
  readonly rationale: string;
  readonly confidence: number;
  readonly abstained: Abstention | null;
  /** Which rule, or which model. */
  readonly source: string;
  readonly promptHash: string | null;
  readonly followUp: Omit<FollowUpQuestion, 'categoryId'> | null;
}

/** A judge with one case before it. */
export interface Hearing {
  judge(criterion: ScoredCriterion, signal: AbortSignal): Promise<JudgeAnswer>;
  /** What it has cost so far. */
  usage(): TokenUsage;
}

/** A judge of whatever needs judgement; event analysis needs none. */
export interface Judge {
  readonly kind: JudgeKind;
  readonly model: string | null;
  /** Answers the same every time it is asked: asking again tells nothing. */
  readonly deterministic: boolean;
  hear(file: CaseFile): Hearing;
  /** The same judge by another model, within the same bounds; one that has no model is itself. */
  by(model: string): Judge;
}

/** Chosen once at the start (see `judgesFrom`). */
export interface Judges {
  readonly judge: Judge;
  /** How often each judged criterion is asked, where a caller does not say. */
  readonly runs: number;
  /** Runs further apart than this share of a criterion's points are for a human to look at. */
  readonly spreadBound: number;
}

/** Grows with every change of a rule, a heuristic or a prompt that may change a score. */
export const JUDGE_VERSION = '2';
