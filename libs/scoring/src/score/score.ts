import { isoTime } from '#platform';
import type { HumanDecision, ScoreAdjustment, SessionState } from '#sessions';
import type { Total } from '../judging/judgement.js';
import { type Adjustment, adjustmentsOf, afterReview } from './reviewed-categories.js';
import {
  categoriesOf,
  finalScoreOf,
  type ScoreSheet,
  type SheetCategory,
  type SheetCriterion,
  totalOf,
} from './score-sheet.js';

type ScoringRun = SessionState['scoring']['runs'][number];

export interface ScoreCategory {
  readonly name: string;
  /** The judge's; null: it abstained. */
  readonly score: number | null;
  /** After review. */
  readonly finalScore: number | null;
  readonly maxPoints: number;
  /** How many of them the judge could score at all. */
  readonly scoredPoints: number;
  readonly scoringMethod: SheetCategory['method'];
  readonly judge: SheetCategory['judge'];
  readonly confidence: number | null;
  readonly attention: boolean;
  readonly adjustment: (Omit<Adjustment, 'reviewedAt'> & { readonly reviewedAt: string }) | null;
  readonly subCriteria: readonly SheetCriterion[];
}

export interface ScoreReview {
  readonly by: string;
  readonly byName: string | null;
  readonly reviewedAt: string;
  readonly adjustments: readonly ScoreAdjustment[];
  readonly note: string | null;
}

/** 0–100: the share of the other current scores that this one beats; null while there is no other. */
export interface ScorePercentiles {
  readonly percentileThisAssessment: number | null;
  readonly percentileCategory: number | null;
  readonly percentileGlobal: number | null;
}

/** A run's score as callers see it: the judge's numbers and the human's, side by side. */
export interface Score extends Omit<ScoreSheet, 'categories'>, ScorePercentiles {
  /** The run's. */
  readonly id: string;
  readonly sessionId: string;
  readonly attempt: number;
  /** The session's score now; of all others `setAside` says whether a reopening undid them. */
  readonly current: boolean;
  readonly setAside: boolean;
  readonly autoScores: {
    readonly categories: Readonly<Record<string, ScoreCategory>>;
    readonly rawTotal: number;
    readonly finalTotal: number;
  };
  /** After review. */
  readonly finalTotal: number;
  readonly finalScore: number | null;
  readonly scoredAt: string;
  readonly reviews: readonly ScoreReview[];
  readonly decision: HumanDecision | null;
}

const NOTHING: Total = { score: 0, maxPoints: 0, percent: null };

/** What a run says when its words are gone. */
const EMPTY: ScoreSheet = {
  judge: 'offline',
  model: null,
  judgeVersion: '',
  rubricId: '',
  rubricVersion: null,
  rubricHash: '',
  promptHash: null,
  categories: [],
  rawTotal: 0,
  totals: { scored: NOTHING, all: NOTHING },
  confidence: null,
  runs: 0,
  attention: false,
  usage: { requests: 0, inputTokens: 0, outputTokens: 0, cost: null },
  securityFlags: [],
  summaryText: '',
  feedbackText: '',
  followUpQuestions: [],
};

export const scoreOf = (session: SessionState, run: ScoringRun, percentiles: ScorePercentiles): Score => {
  const { categories: _, ...sheet } = { ...EMPTY, ...(run.result as Partial<ScoreSheet>) };
  const categories = categoriesOf(run.result);
  const adjustments = adjustmentsOf(session.reviews, run.runId);
  const reviewed = categories.map((category) => afterReview(category, adjustments.get(category.id)));
  const rawTotal = totalOf(categories);
  const finalTotal = totalOf(reviewed);
  const current = session.scoring.currentRunId === run.runId;
  return {
    ...sheet,
    id: run.runId,
    sessionId: session.sessionId,
    attempt: run.attempt,
    current,
    setAside: run.setAside,
    autoScores: {
      categories: Object.fromEntries(
        categories.map((category) => [category.id, shown(category, adjustments.get(category.id))]),
      ),
      rawTotal,
      finalTotal,
    },
    rawTotal,
    finalTotal,
    finalScore: finalScoreOf(reviewed) ?? run.finalScore,
    ...percentiles,
    scoredAt: isoTime(run.scoredAt),
    reviews: session.reviews.filter(({ runId }) => runId === run.runId).map(review),
    decision: current ? session.decision : null,
  };
};

const shown = (category: SheetCategory, adjustment: Adjustment | undefined): ScoreCategory => {
  const { id: _, method, ...told } = category;
  return {
    ...told,
    finalScore: afterReview(category, adjustment).score,
    scoringMethod: method,
    adjustment: adjustment ? { ...adjustment, reviewedAt: isoTime(adjustment.reviewedAt) } : null,
  };
};

const review = ({ by, byName, reviewedAt, adjustments, note }: SessionState['reviews'][number]): ScoreReview => ({
  by,
  byName: byName ?? null,
  reviewedAt: isoTime(reviewedAt),
  adjustments,
  note,
});
