import type { CaseFile } from '../case/case-file.js';
import { termsOf } from '../case/texts.js';
import { confidenceIn, evidenceOf } from '../finding.js';
import type { Hearing, Judge, JudgeAnswer } from '../judge.js';
import type { TokenUsage } from '../judgement.js';
import type { ScoredCriterion } from '../rubric-reading.js';
import type { Heuristic } from './heuristic.js';
import { type Material, materialOf } from './material.js';
import { productHeuristics, relevance } from './product.heuristics.js';
import { talkHeuristics } from './talk.heuristics.js';

export const HEURISTICS: readonly Heuristic[] = [...productHeuristics, ...talkHeuristics, relevance];

const BY_ID = new Map(HEURISTICS.map((heuristic) => [heuristic.id, heuristic]));

/** A category that is judged whole. */
const OF_A_CATEGORY: ReadonlyMap<string, string> = new Map(
  Object.entries({
    deliverable_quality: 'task_fulfilment',
    delegation: 'task_division',
    description: 'goal_and_context',
    discernment: 'critical_judgement',
  }),
);

/** How sure a heuristic can be of anything at all. */
const CERTAINTY = 0.5;

const FREE: TokenUsage = { requests: 0, inputTokens: 0, outputTokens: 0, cost: 0 };

/** Judges by documented heuristics (docs/judging.md): no model, no clock, no chance, so the same work has the same score anywhere. */
export const offlineJudge: Judge = {
  kind: 'offline',
  model: null,
  deterministic: true,
  hear(file): Hearing {
    const material = materialOf(file);
    return {
      judge: (criterion) => Promise.resolve(answer(file, material, criterion)),
      usage: () => FREE,
    };
  },
  by: () => offlineJudge,
};

const answer = (file: CaseFile, material: Material, criterion: ScoredCriterion): JudgeAnswer => {
  const heuristic = heuristicFor(criterion);
  const terms = termsOf(`${criterion.name}\n${criterion.description ?? ''}`);
  const { fraction, evidence, rationale } = heuristic.find(material, { terms, termsOf });
  const cited = evidenceOf(file, evidence);
  return {
    fraction,
    evidence: cited,
    rationale,
    confidence: confidenceIn(fraction, cited, CERTAINTY),
    abstained: fraction === null ? 'no_evidence' : null,
    source: `offline/${heuristic.id}`,
    promptHash: null,
    followUp: null,
  };
};

const heuristicFor = ({ id, categoryId }: ScoredCriterion): Heuristic =>
  BY_ID.get(id) ?? (id === categoryId ? BY_ID.get(OF_A_CATEGORY.get(id) ?? '') : undefined) ?? relevance;
