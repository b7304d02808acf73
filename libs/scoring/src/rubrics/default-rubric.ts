import type { RubricCategory, RubricFields, ScoringMethod, SubCriterion } from './rubric.events.js';

/** Names the default where a rubric's id is asked for; it is in no stream. */
export const DEFAULT_RUBRIC_ID = 'default';
/** Grows when a line below changes: scores by different versions are not compared. */
export const DEFAULT_RUBRIC_VERSION = 1;

const criterion = (id: string, name: string, points: number, description: string): SubCriterion => ({
  id,
  name,
  points,
  description,
  enabled: true,
});

const category = (
  id: string,
  name: string,
  scoringMethod: ScoringMethod,
  subCriteria: readonly SubCriterion[],
): RubricCategory => ({
  id,
  name,
  points: subCriteria.reduce((sum, { points }) => sum + points, 0),
  scoringMethod,
  subCriteria,
});

/** For assessments without a rubric of their own. How each sub-criterion is judged: docs/judging.md. */
export const DEFAULT_RUBRIC: RubricFields = {
  name: 'Working with AI',
  totalPoints: 100,
  categories: [
    category('deliverable_quality', 'Deliverable quality', 'llm_judge', [
      criterion('task_fulfilment', 'Fulfils the task', 14, 'The deliverable does what the task asks, all of it.'),
      criterion(
        'accuracy',
        'Accurate and supported',
        12,
        'Facts, figures and claims follow from the material at hand.',
      ),
      criterion(
        'clarity',
        'Clear and well structured',
        8,
        'A reader finds the point and can follow how it is reached.',
      ),
      criterion('finish', 'Ready to use', 6, 'Complete and consistent; nothing left over from making it.'),
    ]),
    category('delegation', 'Delegation', 'hybrid', [
      criterion(
        'task_division',
        'Divides the work',
        5,
        'Work is given to the AI in parts that can be judged by themselves.',
      ),
      criterion('tool_choice', 'Chooses fitting tools', 5, 'Skills, sources and tools are used where they help.'),
    ]),
    category('description', 'Description', 'llm_judge', [
      criterion(
        'goal_and_context',
        'Goal and context',
        8,
        'The AI is told what is wanted, for whom, and what it must know.',
      ),
      criterion(
        'constraints_and_format',
        'Constraints and format',
        6,
        'Limits, form and examples are stated where they matter.',
      ),
      criterion('iteration', 'Refines', 6, 'Later requests build on what came back and make it better.'),
    ]),
    category('discernment', 'Discernment', 'hybrid', [
      criterion('verification', 'Verifies', 8, 'What the AI made is tested or compared with sources.'),
      criterion('correction', 'Corrects', 6, 'What is wrong or unfit is corrected, by hand or by asking again.'),
      criterion(
        'critical_judgement',
        'Judges critically',
        6,
        'Reasons are given for what is taken, changed or refused.',
      ),
    ]),
    category('diligence', 'Diligence', 'event_analysis', [
      criterion('source_use', 'Uses the sources', 4, 'Material that was provided is opened and read.'),
      criterion('final_check', 'Checks before submitting', 4, 'The result is checked after its last change by the AI.'),
      criterion(
        'preparation',
        'Prepares the work',
        2,
        'The AI is set up for the task: instructions, memory, skills, sources.',
      ),
    ]),
  ],
};
