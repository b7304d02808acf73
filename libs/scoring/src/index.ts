import { rubricEvents } from './rubrics/rubric.events.js';
import { rubricListProjection } from './rubrics/rubric-list.projection.js';

export { Blinder, type Person } from './judging/case/blinding.js';
export { quoteStandsIn, textOfDeliverable } from './judging/case/evidence.js';
export type { Judge, Judges } from './judging/judge.js';
export { JudgeError } from './judging/judge-error.js';
export { judgeSession } from './judging/judge-session.js';
export type {
  Abstention,
  Evidence,
  FollowUpQuestion,
  JudgedAssessment,
  JudgedCategory,
  JudgedCriterion,
  JudgedDeliverable,
  JudgedEvent,
  JudgedRubric,
  JudgedSnapshot,
  JudgeKind,
  Judgement,
  JudgingFlag,
  JudgingInput,
  JudgingOptions,
  ScorePart,
  TokenUsage,
  Total,
} from './judging/judgement.js';
export { judgesFrom } from './judging/judges.js';
export { judgingInputOf } from './judging/judging-input.js';
export { offlineJudge } from './judging/offline/offline-judge.js';
export { CreateRubric } from './rubrics/create-rubric.js';
export { DEFAULT_RUBRIC, DEFAULT_RUBRIC_ID, DEFAULT_RUBRIC_VERSION } from './rubrics/default-rubric.js';
export { PinnedRubrics } from './rubrics/pinned-rubrics.js';
export { type RubricWish, rubricFields } from './rubrics/rubric.decider.js';
export { type RubricFields, SCORING_METHODS, type ScoringMethod } from './rubrics/rubric.events.js';
export { Rubrics, type RubricsPage, type RubricView } from './rubrics/rubrics.js';
export {
  type RecordableScore,
  recordable,
  type ScoredCategory,
  type ScoredCriterion,
  type ScoreJudge,
  type ScoreSheet,
} from './score/score-sheet.js';
export { ScoringModule } from './scoring.module.js';
export { type KnownPerson, type Submission, Submissions } from './submissions/submissions.js';

/** Every event of the room, for the catalogue. */
export const scoringEvents = rubricEvents;
export const scoringProjections = [rubricListProjection] as const;
