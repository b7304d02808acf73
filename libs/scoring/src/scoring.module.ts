import { Module } from '@nestjs/common';
import { CqrsModule } from '@nestjs/cqrs';
import { AssessmentsModule } from '#assessments';
import { CandidatesModule } from '#candidates';
import { SessionsModule } from '#sessions';
import { GetAgreementHandler } from './agreement/get-agreement.js';
import { PostScoreHandler } from './external/post-score.js';
import { Feedbacks } from './feedback/feedbacks.js';
import { GetFeedbackHandler } from './feedback/get-feedback.js';
import { ListParkedHandler } from './parked/list-parked.js';
import { ScoreRanks } from './ranks/score-ranks.js';
import { AwaitedScores } from './requests/awaited-scores.js';
import { ReviewScoreHandler } from './review/review-score.js';
import { CreateRubricHandler } from './rubrics/create-rubric.js';
import { PinnedRubrics } from './rubrics/pinned-rubrics.js';
import { Rubrics } from './rubrics/rubrics.js';
import { Scores } from './score/scores.js';
import { Submissions } from './submissions/submissions.js';

@Module({
  imports: [CqrsModule, AssessmentsModule, CandidatesModule, SessionsModule],
  providers: [
    AwaitedScores,
    CreateRubricHandler,
    Feedbacks,
    GetAgreementHandler,
    GetFeedbackHandler,
    ListParkedHandler,
    PinnedRubrics,
    PostScoreHandler,
    ReviewScoreHandler,
    Rubrics,
    ScoreRanks,
    Scores,
    Submissions,
  ],
  exports: [AwaitedScores, Feedbacks, PinnedRubrics, Rubrics, Scores, Submissions],
})
export class ScoringModule {}
