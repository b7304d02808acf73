import { defineEvent, type EventOf } from '#event-sourcing';

export const SCORING_METHODS = ['llm_judge', 'event_analysis', 'hybrid'] as const;
export type ScoringMethod = (typeof SCORING_METHODS)[number];

export interface SubCriterion {
  readonly id: string;
  readonly name: string;
  readonly points: number;
  readonly description: string | null;
  readonly enabled: boolean;
}

export interface RubricCategory {
  readonly id: string;
  readonly name: string;
  readonly points: number;
  readonly scoringMethod: ScoringMethod;
  readonly subCriteria: readonly SubCriterion[];
}

export interface RubricFields {
  readonly name: string;
  readonly totalPoints: number;
  readonly categories: readonly RubricCategory[];
}

export const rubricCreated = defineEvent<RubricFields>()({
  type: 'rubric_created',
  version: 1,
  layer: 'record',
  meaning: 'A rubric exists from here on; assessments may name it. It never changes.',
  structure: { name: 'open', totalPoints: 'number', categories: 'open' },
});

export const rubricEvents = [rubricCreated] as const;
export type RubricEvent = EventOf<typeof rubricEvents>;
