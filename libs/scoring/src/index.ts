import { parkedScoringProjection } from './parked/parked-scoring.projection.js';
import { scoreRanksProjection } from './ranks/score-ranks.projection.js';
import { rubricEvents } from './rubrics/rubric.events.js';
import { rubricListProjection } from './rubrics/rubric-list.projection.js';

export { type AssessmentAgreement, type CategoryAgreement, GetAgreement } from './agreement/get-agreement.js';
export type { BroughtCategory, BroughtCriterion, BroughtScore } from './external/external-sheet.js';
export { PostScore } from './external/post-score.js';
export { type Feedback, Feedbacks } from './feedback/feedbacks.js';
export { type FeedbackView, GetFeedback } from './feedback/get-feedback.js';
export { type Blinder, blinderFor } from './judging/case/blinding.js';
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
export { ListParked, type ParkedPage, type ParkedSession } from './parked/list-parked.js';
export { AwaitedScores } from './requests/awaited-scores.js';
export { ReviewScore, type ReviewWish } from './review/review-score.js';
export { CreateRubric } from './rubrics/create-rubric.js';
export { DEFAULT_RUBRIC, DEFAULT_RUBRIC_ID, DEFAULT_RUBRIC_VERSION } from './rubrics/default-rubric.js';
export { PinnedRubrics } from './rubrics/pinned-rubrics.js';
export { type RubricWish, rubricFields } from './rubrics/rubric.decider.js';
export { type RubricFields, SCORING_METHODS, type ScoringMethod } from './rubrics/rubric.events.js';
export { Rubrics, type RubricsPage, type RubricView } from './rubrics/rubrics.js';
export type { Score, ScoreCategory, ScorePercentiles, ScoreReview } from './score/score.js';
export {
  type RecordableScore,
  recordable,
  type ScoreJudge,
  type ScoreSheet,
  type SheetCategory,
  type SheetCriterion,
} from './score/score-sheet.js';
export { Scores } from './score/scores.js';
export { ScoringModule } from './scoring.module.js';
export { type Submission, Submissions, type SubmissionView } from './submissions/submissions.js';

/** Every event of the room, for the catalogue. */
export const scoringEvents = rubricEvents;
export const scoringProjections = [rubricListProjection, scoreRanksProjection, parkedScoringProjection] as const;
export { personOf } from './submissions/person-of.js';
