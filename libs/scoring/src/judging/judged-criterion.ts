import type { CaseFile } from './case/case-file.js';
import { analyseEvents, type EventFinding } from './events/analysis.js';
import type { Work } from './events/work.js';
import { confidenceIn, evidenceOf, rounded } from './finding.js';
import type { Hearing, JudgeAnswer, Judges } from './judge.js';
import type { Abstention, Evidence, JudgedCriterion, ScorePart } from './judgement.js';
import { roundedPoints } from './points.js';
import type { ScoredCriterion } from './rubric-reading.js';
import { type Agreement, agreementOf } from './runs.js';

/** A hybrid score is half what events show and half what the judge says. */
const EVENT_WEIGHT = 0.5;
/** Counting is sure of what it counted, not of what it means. */
const EVENT_CERTAINTY = 0.8;

export interface CriterionTask {
  readonly criterion: ScoredCriterion;
  readonly file: CaseFile;
  readonly work: Work;
  readonly hearing: Hearing;
  readonly judges: Judges;
  readonly runs: number;
  readonly signal: AbortSignal;
}

export interface CriterionOutcome {
  readonly criterion: JudgedCriterion;
  readonly followUp: JudgeAnswer['followUp'];
}

/** One criterion by its category's method. */
export const judgeCriterion = async (task: CriterionTask): Promise<CriterionOutcome> => {
  const { criterion, work, hearing, runs, signal } = task;
  const events = criterion.method === 'llm_judge' ? undefined : analyseEvents(criterion, work);
  const answers =
    criterion.method === 'event_analysis'
      ? []
      : await Promise.all(Array.from({ length: runs }, () => hearing.judge(criterion, signal)));
  return outcomeOf(task, events, answers);
};

const outcomeOf = (
  { criterion, file, judges }: CriterionTask,
  events: EventFinding | undefined,
  answers: readonly JudgeAnswer[],
): CriterionOutcome => {
  const { points } = criterion;
  // Of 0.125 points no score may be 0.13.
  const asScore = (value: number): number => Math.min(points, roundedPoints(value));
  const scoreOf = (answer: JudgeAnswer | undefined): number | null => {
    const fraction = combined(partsOf(events, answer));
    return fraction === null ? null : asScore(fraction * points);
  };
  const runs = answers.length === 0 ? [scoreOf(undefined)] : answers.map(scoreOf);
  const agreement = agreementOf(runs, judges.spreadBound * points);
  const chosen = answers[agreement.representative];
  const counted = events ? evidenceOf(file, events.evidence) : [];
  const score = agreement.median === null ? null : asScore(agreement.median);
  return {
    criterion: {
      id: criterion.id,
      name: criterion.name,
      score,
      maxPoints: points,
      method: criterion.method,
      judge: answers.length === 0 ? 'offline' : judges.judge.kind,
      parts: partsOf(events, chosen),
      evidence: score === null ? [] : together(counted, chosen?.evidence ?? []),
      rationale: [events?.rationale, chosen?.rationale].filter(Boolean).join(' '),
      abstained: score === null ? (chosen?.abstained ?? ('no_evidence' satisfies Abstention)) : null,
      confidence: score === null ? 0 : confidenceOf(events, counted, chosen, agreement, points),
      runs,
      ...spoken(agreement),
      promptHash: chosen?.promptHash ?? null,
    },
    followUp: chosen?.followUp ?? null,
  };
};

const spoken = ({ median, spread, attention }: Agreement) => ({
  median: median === null ? null : roundedPoints(median),
  spread: spread === null ? null : roundedPoints(spread),
  attention,
});

/** A part without a score leaves its weight to the other: what is not on record must not count as nothing. The weights say so. */
const partsOf = (events: EventFinding | undefined, answer: JudgeAnswer | undefined): ScorePart[] => {
  const eventWeight = !answer
    ? 1
    : !events || events.fraction === null
      ? 0
      : answer.fraction === null
        ? 1
        : EVENT_WEIGHT;
  const neither = events?.fraction === null && answer?.fraction === null;
  return [
    ...(events
      ? [
          {
            by: 'event_analysis' as const,
            weight: neither ? 0 : eventWeight,
            fraction: events.fraction,
            source: events.source,
          },
        ]
      : []),
    ...(answer
      ? [
          {
            by: 'judge' as const,
            weight: neither ? 0 : 1 - eventWeight,
            fraction: answer.fraction,
            source: answer.source,
          },
        ]
      : []),
  ];
};

const combined = (parts: readonly ScorePart[]): number | null => {
  const scored = parts.filter(
    (part): part is ScorePart & { fraction: number } => part.fraction !== null && part.weight > 0,
  );
  return scored.length === 0 ? null : scored.reduce((sum, { fraction, weight }) => sum + fraction * weight, 0);
};

const MOST_EVIDENCE = 6;

const together = (counted: readonly Evidence[], judged: readonly Evidence[]): Evidence[] => {
  const seen = new Set<string>();
  return [...counted, ...judged]
    .filter(({ eventId, quote }) => {
      const key = `${eventId}\n${quote}`;
      return !seen.has(key) && seen.add(key);
    })
    .slice(0, MOST_EVIDENCE);
};

const confidenceOf = (
  events: EventFinding | undefined,
  counted: readonly Evidence[],
  answer: JudgeAnswer | undefined,
  { spread }: Agreement,
  points: number,
): number => {
  const both = [
    ...(events && events.fraction !== null ? [confidenceIn(events.fraction, counted, EVENT_CERTAINTY)] : []),
    ...(answer && answer.fraction !== null ? [answer.confidence] : []),
  ];
  const mean = both.reduce((sum, value) => sum + value, 0) / Math.max(1, both.length);
  // Runs that disagree are less to be relied on than each says of itself.
  return rounded(mean * (1 - Math.min(1, (spread ?? 0) / Math.max(points, 0.01))));
};
