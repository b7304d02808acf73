import { rubricEvents } from './rubrics/rubric.events.js';
import { rubricListProjection } from './rubrics/rubric-list.projection.js';

export { CreateRubric } from './rubrics/create-rubric.js';
export type { RubricWish } from './rubrics/rubric.decider.js';
export { SCORING_METHODS, type ScoringMethod } from './rubrics/rubric.events.js';
export { Rubrics, type RubricsPage, type RubricView } from './rubrics/rubrics.js';
export { ScoringModule } from './scoring.module.js';

/** Every event of the room, for the catalogue. */
export const scoringEvents = rubricEvents;
export const scoringProjections = [rubricListProjection] as const;
