import { type Finding, nothing } from '../finding.js';
import type { ScoredCriterion } from '../rubric-reading.js';
import { EVENT_CRITERIA } from './criteria.js';
import type { Work } from './work.js';

export interface EventFinding extends Finding {
  /** Which rule it came from. */
  readonly source: string;
}

const BY_ID = new Map(EVENT_CRITERIA.map((criterion) => [criterion.id, criterion]));

/** Names that custom rubrics are likely to use, and a category that is judged whole. */
const ALSO_KNOWN_AS: ReadonlyMap<string, string> = new Map(
  Object.entries({
    delegation: 'task_division',
    description: 'iteration',
    discernment: 'verification',
    diligence: 'final_check',
    testing: 'verification',
    tests: 'verification',
    checking: 'verification',
    tools: 'tool_choice',
    tool_use: 'tool_choice',
    sources: 'source_use',
    research: 'source_use',
    setup: 'preparation',
    refinement: 'iteration',
    editing: 'correction',
  }),
);

/** By the criterion's own id, else by its category's: a rubric says what is counted by naming it. */
export const analyseEvents = ({ id, categoryId }: ScoredCriterion, work: Work): EventFinding => {
  const rule = [id, ALSO_KNOWN_AS.get(id), categoryId, ALSO_KNOWN_AS.get(categoryId)]
    .map((name) => name !== undefined && BY_ID.get(name))
    .find((criterion) => criterion !== undefined && criterion !== false);
  if (!rule)
    return {
      ...nothing(`No rule of event analysis goes by "${id}"; there are: ${[...BY_ID.keys()].join(', ')}.`),
      source: 'none',
    };
  return { ...rule.find(work), source: `events/${rule.id}` };
};
