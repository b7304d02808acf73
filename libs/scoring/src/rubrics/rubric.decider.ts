import { type Aggregate, type Decision, EventCatalogue } from '#event-sourcing';
import { requireText, VerbatimError } from '#platform';
import {
  type RubricCategory,
  type RubricEvent,
  type RubricFields,
  rubricEvents,
  type ScoringMethod,
  type SubCriterion,
} from './rubric.events.js';

/** Undefined until it is created. */
export type RubricState = { readonly fields: RubricFields | undefined };

export const rubricAggregate: Aggregate<RubricState, RubricEvent> = {
  category: 'rubric',
  catalogue: new EventCatalogue(rubricEvents),
  initialState: { fields: undefined },
  evolve: (_, { data }) => ({ fields: data }),
  sizeOf: (state) => 512 + 2 * JSON.stringify(state).length,
};

export interface SubCriterionWish extends Pick<SubCriterion, 'id' | 'name' | 'points'> {
  readonly description?: string | null | undefined;
  readonly enabled?: boolean | undefined;
}

export interface CategoryWish extends Pick<RubricCategory, 'id' | 'name' | 'points'> {
  readonly scoringMethod?: ScoringMethod | undefined;
  readonly subCriteria?: readonly SubCriterionWish[] | undefined;
}

export interface RubricWish {
  readonly name: string;
  readonly totalPoints?: number | undefined;
  readonly categories: readonly CategoryWish[];
}

const DEFAULT_TOTAL = 100;

/** The id follows from the command: the same command asked again finds what it made. */
export const createRubric = (state: RubricState, wish: RubricWish): Decision<RubricEvent> => ({
  events: state.fields ? [] : [{ type: 'rubric_created', data: rubricFields(wish) }],
  answer: undefined,
});

/**
 * A rubric as it is kept.
 * @throws VerbatimError invalid_parameter | weights_must_sum_to_100
 */
export const rubricFields = (
  { name, totalPoints = DEFAULT_TOTAL, categories }: RubricWish,
  /** Where it stands in what was sent. */
  at = '',
): RubricFields => {
  requireIds(categories, `${at}categories`);
  requireSum(categories, totalPoints, `${at}categories`);
  for (const [index, category] of categories.entries()) {
    const param = `${at}categories[${index}].subCriteria`;
    requireIds(category.subCriteria ?? [], param);
    requireParts(category, param);
  }
  return { name: requireText(name, `${at}name`), totalPoints, categories: categories.map(categoryOf) };
};

const categoryOf = ({ id, name, points, scoringMethod, subCriteria }: CategoryWish): RubricCategory => ({
  id,
  name,
  points,
  scoringMethod: scoringMethod ?? 'llm_judge',
  subCriteria: (subCriteria ?? []).map((criterion) => ({
    id: criterion.id,
    name: criterion.name,
    points: criterion.points,
    description: criterion.description ?? null,
    enabled: criterion.enabled ?? true,
  })),
});

/** A score is an object with a key for each category, and no body may have these for keys. */
const NO_IDS: ReadonlySet<string> = new Set(['__proto__', 'constructor', 'prototype']);

const requireIds = (items: readonly { readonly id: string }[], param: string): void => {
  const reserved = items.findIndex(({ id }) => NO_IDS.has(id));
  if (reserved >= 0)
    throw new VerbatimError('invalid_parameter', `${param}[${reserved}].id cannot be "${items[reserved]!.id}".`, {
      param: `${param}[${reserved}].id`,
    });
  const at = items.findIndex(({ id }, index) => items.findIndex((other) => other.id === id) !== index);
  if (at >= 0)
    throw new VerbatimError('invalid_parameter', `${param}[${at}].id is taken by another one before it.`, {
      param: `${param}[${at}].id`,
    });
};

/** In thousandths, so that 33.3 + 33.3 + 33.4 is 100 whatever floating point makes of it. */
const requireSum = (categories: readonly { readonly points: number }[], totalPoints: number, param: string): void => {
  const sum = categories.reduce((total, { points }) => total + thousandths(points), 0);
  if (sum !== thousandths(totalPoints))
    throw new VerbatimError(
      'weights_must_sum_to_100',
      `The categories' points sum to ${sum / 1000}; they must sum to totalPoints, ${totalPoints}.`,
      { param, details: { sum: sum / 1000, totalPoints } },
    );
};

/** Those that are switched off may count among the category's points, or not: the others share all of them either way. */
const requireParts = ({ points, subCriteria = [] }: CategoryWish, param: string): void => {
  if (subCriteria.length === 0) return;
  const sumOf = (parts: readonly SubCriterionWish[]): number =>
    parts.reduce((total, part) => total + thousandths(part.points), 0);
  const all = sumOf(subCriteria);
  const enabled = sumOf(subCriteria.filter((part) => part.enabled !== false));
  if (all === thousandths(points) || enabled === thousandths(points)) return;
  throw new VerbatimError(
    'weights_must_sum_to_100',
    `The sub-criteria's points sum to ${all / 1000}; they must sum to their category's, ${points}.`,
    { param, details: { sum: all / 1000, points } },
  );
};

const thousandths = (points: number): number => Math.round(points * 1000);
