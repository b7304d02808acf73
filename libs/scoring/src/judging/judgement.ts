import type { EventView } from '#sessions';
import type { RubricFields, ScoringMethod } from '../rubrics/rubric.events.js';

/** An event as judging reads it: a session's `EventView` is one. */
export type JudgedEvent = Pick<EventView, 'id' | 'seq' | 'type' | 'phase' | 'timestampMs' | 'createdAt' | 'data'> &
  Partial<Pick<EventView, 'phaseIndex' | 'via' | 'late' | 'claim' | 'outOfPhase' | 'erased'>>;

export interface JudgedRubric extends RubricFields {
  readonly id: string;
  readonly version: number | null;
}

/** What a phase left behind, as text (see `textOfDeliverable`). It is cited by the id of the event that submitted it. */
export interface JudgedDeliverable {
  readonly artifactId: string;
  readonly phaseIndex: number;
  readonly text: string;
  /** The same without what its files and parts are called (see `proseOfDeliverable`). */
  readonly prose: string;
}

/** The organization's own words; trusted, but never mixed with the rules of the judge. */
export interface JudgedAssessment {
  readonly name: string | null;
  readonly role: string | null;
  readonly taskPrompt: string | null;
  readonly phases: readonly { readonly name: string | null; readonly brief: string | null }[];
}

/** Of the configuration snapshot, what judging needs; a session's `ConfigSnapshot` is one. */
export interface JudgedSnapshot {
  /** Seq of the submission: nothing after it counts. */
  readonly atSeq: number;
  readonly skills: readonly { readonly id: string; readonly enabled: boolean }[];
  readonly candidatePermissions: Readonly<Record<string, boolean>>;
}

export interface JudgingInput {
  readonly rubric: JudgedRubric;
  readonly assessment: JudgedAssessment;
  /** In stream order. Late events and those after `snapshot.atSeq` are left aside here, so that no caller can forget to. */
  readonly events: readonly JudgedEvent[];
  readonly snapshot: JudgedSnapshot;
  readonly deliverables: readonly JudgedDeliverable[];
  /** Names and e-mails to blind wherever they stand, beside every e-mail and link, which always are. */
  readonly person?: { readonly names: readonly string[]; readonly emails: readonly string[] };
}

export type JudgeKind = 'offline' | 'llm';

export interface Evidence {
  /** As A6 shows it: the caller's own id where it gave one. */
  readonly eventId: string;
  /** Stands in that event; for what submitted a deliverable, in the deliverable. Blinded. */
  readonly quote: string;
  /** What the AI did, told by the candidate's own client: nobody else vouches for it. */
  readonly claim?: true;
}

/** Why there is no score. None of these is ever a low mark. */
export type Abstention = 'no_evidence' | 'answers_rejected' | 'judge_abstained' | 'refused';

/** One part of a hybrid score, or the only one. `fraction` of the points; null: it had nothing to go by. */
export interface ScorePart {
  readonly by: 'event_analysis' | 'judge';
  /** As applied: it is 0 for a part without a score, whose weight the other took over. */
  readonly weight: number;
  readonly fraction: number | null;
  /** Which rule or prompt it came from: an event criterion, a heuristic of the offline judge, or the model. */
  readonly source: string;
}

export interface JudgedCriterion {
  readonly id: string;
  readonly name: string;
  readonly score: number | null;
  readonly maxPoints: number;
  readonly method: ScoringMethod;
  readonly judge: JudgeKind;
  readonly parts: readonly ScorePart[];
  readonly evidence: readonly Evidence[];
  readonly rationale: string;
  readonly abstained: Abstention | null;
  /** 0 to 1: how much the judge had to go by. */
  readonly confidence: number;
  /** The score of each run, in points; one where runs are all the same by construction. */
  readonly runs: readonly (number | null)[];
  readonly median: number | null;
  /** Largest minus smallest of the runs. */
  readonly spread: number | null;
  /** Runs differ by more than the bound, or some abstained: a human should look. */
  readonly attention: boolean;
  /** Of the LLM judge. */
  readonly promptHash: string | null;
}

export interface JudgedCategory {
  readonly id: string;
  readonly name: string;
  /** Of what was scored; null when nothing was. */
  readonly score: number | null;
  readonly maxPoints: number;
  /** How many of `maxPoints` were scored at all. */
  readonly scoredPoints: number;
  readonly method: ScoringMethod;
  readonly judge: JudgeKind;
  readonly confidence: number | null;
  readonly attention: boolean;
  readonly subCriteria: readonly JudgedCriterion[];
}

export interface Total {
  readonly score: number;
  readonly maxPoints: number;
  /** 0–100; null when there are no points to be had. */
  readonly percent: number | null;
}

export interface TokenUsage {
  readonly requests: number;
  readonly inputTokens: number;
  readonly outputTokens: number;
  /** By the prices that are set; null when none are. */
  readonly cost: number | null;
}

/** For the worker to append as a `security_flag`; it takes part in no score. */
export interface JudgingFlag {
  readonly code: 'prompt_injection';
  readonly severity: 'low' | 'medium' | 'high';
  readonly source: 'model' | 'server';
  readonly evidence: {
    readonly eventIds: readonly string[];
    /** What was recognised, by name: never the attempt itself. */
    readonly signs: readonly string[];
  };
}

export interface FollowUpQuestion {
  readonly categoryId: string;
  readonly question: string;
  readonly rationale: string;
  readonly lookFor: string;
}

/** What one look at a submitted session came to. */
export interface Judgement {
  readonly judge: JudgeKind;
  /** Null: the offline judge. */
  readonly model: string | null;
  /** Of the heuristics, event criteria and prompts: scores of different versions are not compared. */
  readonly judgeVersion: string;
  readonly rubricId: string;
  readonly rubricVersion: number | null;
  readonly rubricHash: string;
  /** Of every prompt that was asked, without the boundary, which is new each time; null: the offline judge. */
  readonly promptHash: string | null;
  readonly categories: readonly JudgedCategory[];
  /** The sum of the categories' scores: the score of `totals.all`. */
  readonly rawTotal: number;
  /** Over what was scored, and over all: what could not be scored is told, never quietly left out or counted as nothing. */
  readonly totals: { readonly scored: Total; readonly all: Total };
  readonly confidence: number | null;
  readonly runs: number;
  readonly attention: boolean;
  readonly usage: TokenUsage;
  readonly securityFlags: readonly JudgingFlag[];
  readonly summaryText: string;
  /** For the candidate, once a human releases it. */
  readonly feedbackText: string;
  readonly followUpQuestions: readonly FollowUpQuestion[];
}

export interface JudgingOptions {
  readonly signal: AbortSignal;
  /** How often each judged criterion is asked (1–9); the offline judge answers the same every time and is asked once. */
  readonly runs?: number;
  /** The model that a caller asked for; null: the judge's own. */
  readonly model?: string | null;
}
